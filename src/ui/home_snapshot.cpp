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
  return findById(checkpoints, id);
}

const core::CheckpointRecord* HomeSnapshot::newestReady(const std::string& run) const {
  const core::CheckpointRecord* newest = nullptr;
  for (const auto& checkpoint : checkpoints) {
    if (checkpoint.run != run || checkpoint.state != core::CheckpointState::Ready) continue;
    if (!newest || checkpoint.step >= newest->step) newest = &checkpoint;
  }
  return newest;
}

const core::CheckpointRecord* HomeSnapshot::bestReady(const core::RunRecord& run) const {
  for (const auto& checkpoint : checkpoints) {
    const bool best = run.best && checkpoint.run == run.id && checkpoint.step == run.best->step;
    if (best && checkpoint.state == core::CheckpointState::Ready) return &checkpoint;
  }
  return newestReady(run.id);
}

}  // namespace cairn::ui
