#include "storage/rebuild.h"

#include <memory>

#include "core/text.h"
#include "storage/catalog.h"
#include "storage/rebuild_base.h"
#include "storage/rebuild_files.h"
#include "storage/rebuild_rows.h"
#include "storage/recovery.h"
#include "storage/run_lock.h"

namespace cairn::storage {

namespace {

/// All of the home's runs and its backup, so that nobody writes meanwhile.
class WholeHome {
 public:
  WholeHome(FileSystem& files, const Home& home) {
    if (!files.exists(home.root()))
      throw Error("home " + home.root().string(), "there is none", "name another with --home");
    backup_ = files.tryLock(home.backupLock());
    if (!backup_)
      throw Error("home " + home.root().string(), "another process backs up its catalog, or rebuilds it", "wait for it to end");
    for (const auto& run : files.list(home.checkpoints()))
      runs_.push_back(takeRunLock(files, home, run, run, kRebuilding));
  }

 private:
  std::unique_ptr<FileLock> backup_;
  std::vector<std::unique_ptr<FileLock>> runs_;
};

void repairAndRecord(Catalog& catalog, RebuildReport& report, const core::Progress& progress) {
  const auto repaired = repair(catalog, progress);
  report.adopted.insert(report.adopted.end(), repaired.adopted.begin(), repaired.adopted.end());
  report.missing.insert(report.missing.end(), repaired.missing.begin(), repaired.missing.end());
  report.interrupted = repaired.interrupted;
  report.damaged = repaired.damaged;
  report.quarantined = repaired.quarantined;
  auto whole = repaired;
  whole.adopted = report.adopted;
  whole.missing = report.missing;
  whole.adopted.insert(whole.adopted.end(), report.undeleted.begin(), report.undeleted.end());
  if (!report.setAside.empty()) whole.quarantined.push_back(report.setAside.string());
  whole.at = core::nowIso8601();
  if (!whole.empty()) catalog.recordRecovery(whole);
}

void count(Catalog& catalog, RebuildReport& report) {
  report.runs = static_cast<std::int64_t>(catalog.runs().size());
  for (const auto& record : catalog.checkpoints())
    if (record.state == core::CheckpointState::Ready) ++report.checkpoints;
}

void backUp(Catalog& catalog) {
  try {
    catalog.backup();
  } catch (const Error&) {
    // A full disk, say: the rebuild is done all the same, and the next exit backs it up.
  }
}

}  // namespace

RebuildReport rebuildCatalog(const Home& home, FileSystem& files, const core::Progress& progress) {
  RebuildReport report;
  std::unique_ptr<Catalog> catalog;
  {
    const WholeHome held(files, home);
    const auto base = chooseBase(home, files, progress);
    report.from = base.from;
    report.damage = base.damage;
    report.backupAt = base.backupAt;
    const auto facts = unknownFiles(files, home, knownFiles(databaseOf(home, base)), progress);
    report.setAside = putInPlace(home, files, base);
    catalog = std::make_unique<Catalog>(home, Catalog::Access::Write, files);
    bringIn(*catalog, facts, report);
  }
  repairAndRecord(*catalog, report, progress);
  count(*catalog, report);
  backUp(*catalog);
  return report;
}

}  // namespace cairn::storage
