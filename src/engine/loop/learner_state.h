// A learner as a checkpoint file's tree, and back. On the training thread.
#pragma once

#include <string>

#include "core/records.h"
#include "engine/loop/learner.h"

namespace cairn::engine {

/// What a checkpoint is called, beside what is in it.
struct CheckpointLabel {
  std::string id, run, parent, createdAt;
  core::CheckpointKind kind = core::CheckpointKind::Periodic;
};

/// `steady` and `moving` as Snapshotter::Build gets them.
core::StateTree checkpointTree(const Learner& learner, const CheckpointLabel& label, const TensorCapture& steady,
                               const TensorCapture& moving);

/// The newest value of each series but step_seconds, which is a clock.
std::map<std::string, double> newestMetrics(const Counters& counters);

/// The weights of options.from, their names and order. Throws Error if they do not fit the model, or are of other data.
void restoreWeights(Learner& learner, const SessionOptions& options);

/// Takes up the rest of options.from: all of it on a resume; on a branch all but what its changed settings put aside.
/// Throws Error if it does not fit the model or the data.
void restoreLearner(Learner& learner, const SessionOptions& options);

/// What is not as it was when the checkpoint `file` was made, and may give other last bits or other numbers: "threads: 1,
/// now 2". A file from elsewhere says nothing of it.
std::vector<std::string> changesSince(const core::StateTree& file, const Learner& learner);

}  // namespace cairn::engine
