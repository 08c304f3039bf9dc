#include "ui/home_snapshot.h"

#include <algorithm>

namespace cairn::ui {

namespace {
template <typename Record>
const Record* findById(const std::vector<Record>& records, const std::string& id) {
  const auto at = std::find_if(records.begin(), records.end(), [&](const Record& record) { return record.id == id; });
  return at == records.end() ? nullptr : &*at;
}
}  // namespace

const core::RunRecord* HomeSnapshot::run(const std::string& id) const { return findById(runs, id); }

const core::CheckpointRecord* HomeSnapshot::checkpoint(const std::string& id) const {
  for (const auto& [run, list] : checkpoints) {
    if (const auto* found = findById(*list, id)) return found;
  }
  return nullptr;
}

std::string HomeSnapshot::nameOf(const std::string& id) const {
  const auto* found = run(id);
  return found ? found->name : id;
}

std::vector<core::RunEvent> HomeSnapshot::eventsOf(const std::string& run) const {
  std::vector<core::RunEvent> own;
  for (const auto& [id, event] : events) {
    if (id == run) own.push_back(event);
  }
  return own;
}

std::span<const core::CheckpointRecord> HomeSnapshot::checkpointsOf(const std::string& run) const {
  const auto at = checkpoints.find(run);
  return at == checkpoints.end() ? std::span<const core::CheckpointRecord>() : *at->second;
}

std::size_t HomeSnapshot::checkpointCount() const {
  std::size_t count = 0;
  for (const auto& [run, list] : checkpoints) count += list->size();
  return count;
}

const core::CheckpointRecord* HomeSnapshot::newestReady(const std::string& run) const {
  const core::CheckpointRecord* newest = nullptr;
  for (const auto& checkpoint : checkpointsOf(run)) {
    if (checkpoint.state == core::CheckpointState::Ready) newest = &checkpoint;
  }
  return newest;
}

// An interrupted or failed run at its limit still has its last validation to do: only a resume does that.
bool HomeSnapshot::atItsEnd(const core::RunRecord& run) const {
  if (run.status == core::RunStatus::Completed) return true;
  const bool waits = run.status == core::RunStatus::Paused || run.status == core::RunStatus::Stopped;
  const auto* newest = newestReady(run.id);
  return waits && newest && run.totalSteps > 0 && newest->step >= run.totalSteps;
}

const core::CheckpointRecord* HomeSnapshot::bestReady(const core::RunRecord& run) const {
  for (const auto& checkpoint : checkpointsOf(run.id)) {
    const bool best = run.best && checkpoint.step == run.best->step;
    if (best && checkpoint.state == core::CheckpointState::Ready) return &checkpoint;
  }
  return newestReady(run.id);
}

}  // namespace cairn::ui
