// Going back to the newest good checkpoint of a run whose numbers ran away, by a branch from it: which one, and what the
// branch is. Pure functions.
#pragma once

#include <QString>
#include <vector>

#include "training/job.h"
#include "ui/home_snapshot.h"

namespace cairn::ui {

/// Whether `value` stands out of those before it: no number, or three times their median and more. Few say nothing.
bool isSpike(double value, const std::vector<double>& before);

/// The run's checkpoints that can be used, newest first.
std::vector<core::CheckpointRecord> usableCheckpoints(const HomeSnapshot& snapshot, const std::string& run);
/// The place in that list of the newest whose loss is no spike beside those before it; 0 if all are, or none is there.
std::size_t newestGood(const std::vector<core::CheckpointRecord>& newestFirst);

/// Why there is nothing to rewind; "" if there is. A run that trained to its end well is branched from instead.
QString whyNotRewind(const HomeSnapshot& snapshot, const core::RunRecord& run);

/// The lr that training would go on with from there.
double lrAt(const core::RunRecord& run, const core::CheckpointRecord& checkpoint);
double suggestedLr(double lr);  ///< a tenth of it

/// The branch from `checkpoint` of `run` that goes on with `lr`.
training::BranchOptions rewindOptions(const core::RunRecord& run, const core::CheckpointRecord& checkpoint, double lr);

}  // namespace cairn::ui
