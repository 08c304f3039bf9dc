// What a keep policy would remove of a home, worked out before anything is touched. Blocks; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/records.h"
#include "storage/home.h"

namespace cairn::ui {

struct CleanUpOfRun {
  std::string run, name;
  bool trains = false;  ///< it is left alone: its own policy is at work
  int ready = 0;        ///< checkpoints with a file
  std::int64_t readyBytes = 0;
  std::vector<core::CheckpointRecord> leaving;  ///< by step
  std::int64_t leavingBytes = 0;
};

struct CleanUpPlan {
  core::CheckpointSpec policy;
  std::vector<CleanUpOfRun> runs;  ///< those that have checkpoints, oldest first
  int ready = 0, leaving = 0;
  std::int64_t readyBytes = 0, leavingBytes = 0;
};

/// Of one run, or of all (""). `keepLast` and `keepBest` hold for each; what "best" means is the run's own affair.
CleanUpPlan planCleanUp(const storage::Home& home, const std::string& run, std::int64_t keepLast, std::int64_t keepBest,
                        const core::Progress& progress = {});
/// Removes what the plan says, unless something has come to need it since. The bytes freed; runs that `progress` does
/// not come to stay as they are.
std::int64_t cleanUp(const storage::Home& home, const CleanUpPlan& plan, const core::Progress& progress = {});

}  // namespace cairn::ui
