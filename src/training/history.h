// What a run's past asks of a session that goes through it again. Free functions, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/records.h"
#include "engine/face/session.h"

namespace cairn::training {

/// Of a "train_longer" event: the new limit and the one before.
std::string longerDetail(const core::TrainingSpec& now, const core::TrainingSpec& before);

/// Live changes that the steps after `startStep` saw.
std::vector<engine::ReplayedSetting> changesAfter(const std::vector<core::RunEvent>& events, std::int64_t startStep);
/// Steps from `startStep` on after which the run was trained longer.
std::vector<std::int64_t> longerAfter(const std::vector<core::RunEvent>& events, std::int64_t startStep);
/// The limit that the run began with; nothing if it is the one that it has.
std::optional<core::TrainingSpec> firstLimit(const core::TrainingSpec& now, const std::vector<core::RunEvent>& events);
/// Whether data of this fingerprint was accepted in the place of what the checkpoint at `step` was trained on.
bool wasAccepted(const std::vector<core::RunEvent>& events, std::int64_t step, const std::string& fingerprint);
std::string acceptedDetail(const std::string& fingerprint);  ///< of that event

/// How a branch began.
struct BranchStart {
  bool resetOptimizer = false;
  std::optional<double> lr;  ///< asked for by name
};
BranchStart branchStart(const std::vector<core::RunEvent>& events);

}  // namespace cairn::training
