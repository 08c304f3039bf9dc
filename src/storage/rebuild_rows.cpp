#include "storage/rebuild_rows.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include <fmt/format.h>

#include "core/error.h"

namespace cairn::storage {

namespace {

using From = RebuildReport::From;

/// The facts of one run, by step.
using OfRun = std::span<const FileFacts>;

std::vector<OfRun> byRun(const std::vector<FileFacts>& facts) {
  std::vector<OfRun> runs;
  for (std::size_t from = 0, to = 0; from < facts.size(); from = to) {
    while (to < facts.size() && facts[to].record.run == facts[from].record.run) ++to;
    runs.emplace_back(std::span(facts).subspan(from, to - from));
  }
  // A run's number in the catalog is its age.
  std::stable_sort(runs.begin(), runs.end(),
                   [](OfRun a, OfRun b) { return a.front().record.createdAt < b.front().record.createdAt; });
  return runs;
}

class Bringing {
 public:
  Bringing(Catalog& catalog, const std::vector<FileFacts>& facts, RebuildReport& report)
      : catalog_(catalog), facts_(facts), report_(report) {
    for (const auto& run : catalog.allRuns()) known_.emplace(run.id, run);
    for (const auto& record : catalog.checkpoints()) places_[record.id] = {record.run, record.step};
    for (const auto& fact : facts) places_[fact.record.id] = {fact.record.run, fact.record.step};
  }

  void takeOutOfTrash() {
    auto& files = catalog_.files();
    for (const auto& fact : facts_) {
      const std::filesystem::path place = fact.record.path;
      if (fact.path == place) continue;
      report_.undeleted.push_back(fact.record.id);
      files.makeFolders(place.parent_path());
      if (files.exists(place)) continue;  // both: the one in its place is as whole, or repair sets it aside
      files.renameNew(fact.path, place);
      files.syncFolder(place.parent_path());
      files.syncFolder(fact.path.parent_path());
    }
  }

  void addRows() {
    for (const auto run : byRun(facts_)) {
      const bool made = !known_.contains(run.front().record.run);
      if (made) addRun(run);
      for (const auto& fact : run) addCheckpoint(fact);
      addEvents(run.back());
      if (!made) bringForward(run.back());
    }
  }

  void markMissing() {
    for (const auto& record : catalog_.checkpoints()) {
      if (record.state != core::CheckpointState::Ready || catalog_.files().exists(record.path)) continue;
      catalog_.setCheckpointState(record.id, core::CheckpointState::Missing);
      report_.missing.push_back(record.id);
    }
  }

 private:
  void addRun(OfRun facts) {
    auto run = facts.back().run;
    run.createdAt = facts.front().record.createdAt;
    if (!run.parentCheckpoint.empty()) {
      if (const auto parent = places_.find(run.parentCheckpoint); parent != places_.end()) {
        run.parentRun = parent->second.first;
        run.parentStep = parent->second.second;
      } else {
        report_.lost.push_back(fmt::format("where run {} branched off: its parent, checkpoint {}, is gone", run.name,
                                           run.parentCheckpoint));
      }
    }
    catalog_.insertRun(run);
    report_.runsFromFiles.push_back(run.id);
    report_.lost.push_back(fmt::format("the curves of run {}, its note, tags and pins, and its checkpoints without a file", run.name));
  }

  void addCheckpoint(const FileFacts& fact) {
    const auto& record = fact.record;
    const bool known = catalog_.hasCheckpoint(record.id);
    const auto state = known ? catalog_.checkpoint(record.id).state : core::CheckpointState::Missing;
    if (state == core::CheckpointState::Missing || state == core::CheckpointState::Pruned)
      catalog_.insertCheckpoint(record);  // also brings such a row back
    else
      catalog_.setCheckpointState(record.id, core::CheckpointState::Ready);
    if (fact.path == std::filesystem::path(record.path)) report_.adopted.push_back(record.id);
  }

  void addEvents(const FileFacts& newest) {
    const auto onRecord = catalog_.events(newest.record.run);
    for (const auto& event : newest.events) {
      const bool there = std::any_of(onRecord.begin(), onRecord.end(), [&](const core::RunEvent& old) {
        return old.step == event.step && old.kind == event.kind && old.detail == event.detail;
      });
      if (!there) catalog_.appendEvent(newest.record.run, event);
    }
  }

  /// The run went on after what the catalog knows of it.
  void bringForward(const FileFacts& newest) {
    const auto& before = known_.at(newest.record.run);
    if (newest.record.step <= before.step) return;
    catalog_.setProgress(before.id, newest.record.step, newest.record.epoch);
    catalog_.setSpec(before.id, newest.run.spec);
    catalog_.setStatus(before.id, newest.run.status);
    report_.lost.push_back(fmt::format("the curves of run {} after step {} (its checkpoints go on to step {})", before.name, before.step,
                                       newest.record.step));
  }

  Catalog& catalog_;
  const std::vector<FileFacts>& facts_;
  RebuildReport& report_;
  std::map<std::string, core::RunRecord> known_;
  std::map<std::string, std::pair<std::string, std::int64_t>> places_;  // run and step of every checkpoint, by id
};

void sayWhatIsLost(RebuildReport& report) {
  if (report.from == From::Backup)
    report.lost.insert(report.lost.begin(), fmt::format("notes, tags, pins, names and deletions since {}", report.backupAt));
  if (report.from == From::Nothing)
    report.lost.insert(report.lost.begin(), "all curves, notes, tags, pins and events, and runs of which there is no checkpoint file");
}

}  // namespace

void bringIn(Catalog& catalog, const std::vector<FileFacts>& facts, RebuildReport& report) {
  Bringing bringing(catalog, facts, report);
  bringing.takeOutOfTrash();
  catalog.inTransaction([&] {
    bringing.addRows();
    bringing.markMissing();
  });
  sayWhatIsLost(report);
}

}  // namespace cairn::storage
