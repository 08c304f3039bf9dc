// Which checkpoints may go: the policy alone, without files or SQL. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "core/records.h"
#include "storage/monitor.h"

namespace cairn::storage {

/// What the policy looks at in a ready checkpoint.
struct RetentionRow {
  std::string id;
  std::int64_t step = 0;
  std::set<std::string> roles;        ///< as CheckpointRecord::roles, "best" and "branch" too
  bool pinned = false;
  std::optional<double> monitored;    ///< the monitored series' value
};

/// The ids that may go, of a run's ready checkpoints in the order of their steps. Stay: the newest, the pinned, the
/// best `keepBest`, a branch's parent, what was not saved by schedule (manual, final, imported, ...), and of the
/// periodic ones the last `keepLast`. With `keepLast` 0 all stay.
std::vector<std::string> prunable(const std::vector<RetentionRow>& ready, const core::CheckpointSpec& policy,
                                  const Monitor& monitor);

}  // namespace cairn::storage
