#include "storage/retention.h"

#include <algorithm>
#include <map>

#include "storage/catalog_impl.h"

namespace cairn::storage {

namespace {

constexpr const char* kReady =
    "SELECT id, monitored FROM checkpoints WHERE run = ? AND state = 'ready' ORDER BY step, number";
constexpr const char* kPrune = "UPDATE checkpoints SET state = 'pruned', pending = 'unlink' WHERE id = ?";

// Only what a schedule saved comes and goes with it.
bool keptByItsRoles(const RetentionRow& row) {
  return std::any_of(row.roles.begin(), row.roles.end(),
                     [](const std::string& role) { return role != "periodic"; });
}

std::set<std::string> bestOnes(const std::vector<RetentionRow>& ready, std::int64_t count, const Monitor& monitor) {
  std::vector<const RetentionRow*> ranked;
  for (const auto& row : ready)
    if (row.monitored) ranked.push_back(&row);
  std::stable_sort(ranked.begin(), ranked.end(),
                   [&](const auto* a, const auto* b) { return monitor.better(*a->monitored, *b->monitored); });
  if (ranked.size() > static_cast<std::size_t>(count)) ranked.resize(static_cast<std::size_t>(count));
  std::set<std::string> ids;
  for (const auto* row : ranked) ids.insert(row->id);
  return ids;
}

// As the row will be once it is stored.
RetentionRow rowOf(const core::CheckpointRecord& record, const Monitor& monitor) {
  RetentionRow row{record.id, record.step, record.roles, record.pinned, monitor.valueOf(record)};
  row.roles.emplace(core::toText(record.kind));
  return row;
}

}  // namespace

std::vector<std::string> prunable(const std::vector<RetentionRow>& ready, const core::CheckpointSpec& policy,
                                  const Monitor& monitor) {
  std::vector<std::string> leaving;
  if (ready.empty() || policy.keepLast <= 0) return leaving;
  const auto best = bestOnes(ready, policy.keepBest, monitor);
  std::int64_t periodic = 0;
  for (auto row = ready.rbegin(); row != ready.rend(); ++row) {
    const bool recent = row->roles.contains("periodic") && ++periodic <= policy.keepLast;
    const bool stays = row == ready.rbegin() || recent || row->pinned || best.contains(row->id) || keptByItsRoles(*row);
    if (!stays) leaving.push_back(row->id);
  }
  std::reverse(leaving.begin(), leaving.end());
  return leaving;
}

std::vector<RetentionRow> Catalog::Impl::readyRows(const std::string& run) {
  std::vector<RetentionRow> ready;
  Query row(prepared(kReady));
  row.with(run);
  while (row.next()) {
    const auto record = requireCheckpoint(row.text(0));
    // That it was once the best gives a checkpoint no claim to stay.
    ready.push_back({record.id, record.step, record.roles, record.pinned, row.real(1)});
  }
  return ready;
}

std::set<std::string> Catalog::leavingAmong(const std::string& run, std::span<const core::CheckpointRecord* const> queued,
                                            const core::CheckpointSpec& policy) {
  if (queued.size() < 2 || policy.keepLast <= 0) return {};
  return impl_->read([&] {
    const auto monitor = impl_->monitorOfRun(run);
    auto rows = impl_->readyRows(run);
    std::map<std::int64_t, int> atStep;
    for (const auto& row : rows) ++atStep[row.step];
    for (const auto* record : queued) ++atStep[record->step];
    std::set<std::string> ours;
    for (const auto* record : queued) {
      if (atStep[record->step] > 1) continue;  // to leave it out only lets more of the others stay
      rows.push_back(rowOf(*record, monitor));
      if (record != queued.back()) ours.insert(record->id);
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.step < b.step; });
    std::set<std::string> leaving;
    for (auto& id : prunable(rows, policy, monitor))
      if (ours.contains(id)) leaving.insert(std::move(id));
    return leaving;
  });
}

std::vector<core::CheckpointRecord> Catalog::Impl::prune(const std::string& run, const core::CheckpointSpec& policy,
                                                         const std::set<std::string>* chosen) {
  return write([&] {
    std::vector<core::CheckpointRecord> pruned;
    for (const auto& id : prunable(readyRows(run), policy, monitorOfRun(run))) {
      if (chosen && !chosen->contains(id)) continue;
      Query(prepared(kPrune)).with(id).run();
      pruned.push_back(requireCheckpoint(id));
    }
    if (!pruned.empty()) touch(run);
    return pruned;
  });
}

std::vector<core::CheckpointRecord> Catalog::pruneByPolicy(const std::string& run, const core::CheckpointSpec& policy) {
  return impl_->prune(run, policy, nullptr);
}

std::vector<core::CheckpointRecord> Catalog::pruneByPolicy(const std::string& run, const core::CheckpointSpec& policy,
                                                           const std::set<std::string>& chosen) {
  return impl_->prune(run, policy, &chosen);
}

std::vector<core::CheckpointRecord> Catalog::prunableBy(const std::string& run, const core::CheckpointSpec& policy) {
  return impl_->read([&] {
    std::vector<core::CheckpointRecord> leaving;
    for (const auto& id : prunable(impl_->readyRows(run), policy, impl_->monitorOfRun(run)))
      leaving.push_back(impl_->requireCheckpoint(id));
    return leaving;
  });
}

}  // namespace cairn::storage
