// What the window knows of the home: runs and checkpoints as they stood when the catalog was last read. A value.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "core/records.h"
#include "storage/catalog.h"

namespace cairn::ui {

/// A run's checkpoints, ascending by step. Shared by the snapshots in which they are the same.
using CheckpointsPtr = std::shared_ptr<const std::vector<core::CheckpointRecord>>;

struct HomeSnapshot {
  std::vector<core::RunRecord> runs;                 ///< oldest first
  std::map<std::string, CheckpointsPtr> checkpoints;  ///< by run id; read through the functions below
  std::vector<std::pair<std::string, core::RunEvent>> events;  ///< run id, event
  std::int64_t checkpointBytes = 0;
  std::int64_t trashBytes = 0;
  std::int64_t freeBytes = 0;
  storage::RecoveryReport lastRecovery;

  const core::RunRecord* run(const std::string& id) const;
  const core::CheckpointRecord* checkpoint(const std::string& id) const;
  std::string nameOf(const std::string& run) const;  ///< a run's; its id where the run is not there
  std::vector<core::RunEvent> eventsOf(const std::string& run) const;
  /// Ascending by step, at a step the oldest first; empty for a run that has none or is not there.
  std::span<const core::CheckpointRecord> checkpointsOf(const std::string& run) const;
  std::size_t checkpointCount() const;
  /// Where resume would go on from; null if the run has no good checkpoint.
  const core::CheckpointRecord* newestReady(const std::string& run) const;
  /// Whether a resume would train nothing: it is complete, or waits at its limit already, as an average may.
  bool atItsEnd(const core::RunRecord& run) const;
  /// What one would use: that of the run's best value if its file is there, else the newest; null if there is none.
  const core::CheckpointRecord* bestReady(const core::RunRecord& run) const;
};
using HomeSnapshotPtr = std::shared_ptr<const HomeSnapshot>;

}  // namespace cairn::ui
