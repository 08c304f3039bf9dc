#include "storage/recovery.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/error.h"
#include "core/event_kinds.h"
#include "core/text.h"
#include "storage/adoption.h"
#include "storage/checkpoint_files.h"
#include "storage/run_lock.h"

namespace cairn::storage {

namespace {

constexpr const char* kLockName = "lock";

void report(const core::Progress& progress, std::string_view phase, std::size_t done, std::size_t total) {
  if (progress && !progress(phase, static_cast<std::int64_t>(done), static_cast<std::int64_t>(total)))
    throw Error::cancelled(std::string(phase));
}

/// Never deletes what it cannot prove to be ours and partial.
std::filesystem::path setAside(Catalog& catalog, const std::string& run, const std::filesystem::path& path) {
  auto& files = catalog.files();
  const auto folder = catalog.home().quarantine();
  files.makeFolders(folder);
  auto target = folder / fmt::format("{}-{}", run, path.filename().string());
  if (files.exists(target)) target += "-" + core::newId();
  files.renameNew(path, target);
  files.syncFolder(folder);
  files.syncFolder(path.parent_path());
  return target;
}

/// Checks one file whole and writes down what it is now. True if it is good.
bool checkFile(Catalog& catalog, const core::CheckpointRecord& record, RecoveryReport& found, const core::Progress& progress) {
  auto state = core::CheckpointState::Ready;
  if (!catalog.files().exists(record.path)) {
    state = core::CheckpointState::Missing;
    found.missing.push_back(record.id);
  } else {
    try {
      verifyCheckpointFile(catalog.files(), record, progress);
    } catch (const Error& error) {
      if (!tellsOfContents(error)) throw;
      state = core::CheckpointState::Damaged;
      found.damaged.push_back(record.id);
    }
  }
  catalog.inTransaction([&] {
    if (state != record.state) catalog.setCheckpointState(record.id, state);
    catalog.setVerified(record.id, core::nowIso8601());
  });
  return state == core::CheckpointState::Ready;
}

void adopt(Catalog& catalog, core::CheckpointRecord record) {
  // Its bytes were synced before its name was given; the name may not have been.
  catalog.files().syncFolder(std::filesystem::path(record.path).parent_path());
  catalog.inTransaction([&] {
    catalog.insertCheckpoint(record);
    catalog.setProgress(record.run, record.step, record.epoch);
  });
}

bool removeTemp(FileSystem& files, const std::filesystem::path& path) {
  if (!isTempName(path.filename().string())) return false;
  files.unlink(path);
  files.syncFolder(path.parent_path());
  return true;
}

void lookThroughFolder(Catalog& catalog, const std::string& run, RecoveryReport& found) {
  auto& files = catalog.files();
  const auto folder = catalog.home().runFolder(run);
  const auto onRecord = catalog.filesOnRecord(run);
  for (const auto& name : files.list(folder)) {
    if (name == kLockName || onRecord.contains(name)) continue;
    const auto path = folder / name;
    if (removeTemp(files, path)) continue;
    std::optional<core::CheckpointRecord> record;
    try {
      record = recordOfWholeFile(files, catalog.home(), run, path);
    } catch (const Error&) {
      continue;  // it cannot be read now, for lack of a right, say: the next repair looks at it again
    }
    if (record && !catalog.hasCheckpoint(record->id)) {
      found.adopted.push_back(record->id);
      adopt(catalog, *std::move(record));
    } else {
      found.quarantined.push_back(setAside(catalog, run, path).string());
    }
  }
}

void repairRun(Catalog& catalog, const std::string& id, RecoveryReport& found, const core::Progress& progress) {
  const auto lock = tryRunLock(catalog.files(), catalog.home(), id, kRepairing);
  if (!lock) return;  // somebody trains it
  catalog.finishFiles(id);
  lookThroughFolder(catalog, id, found);
  // We hold its lock, so what reads as running is what the row says: whoever trained it is gone.
  const auto run = catalog.run(id);
  if (run.status != core::RunStatus::Running) return;
  for (const auto& record : catalog.checkpoints(id))
    if (record.state == core::CheckpointState::Ready) checkFile(catalog, record, found, progress);
  catalog.inTransaction([&] {
    catalog.setStatus(id, core::RunStatus::Interrupted);
    catalog.appendEvent(id, {run.step, core::kInterruptedEvent, "{}", core::nowIso8601()});
  });
  found.interrupted.push_back(id);
}

bool isCheckpointName(std::string_view name) { return name.starts_with("step-") && name.ends_with(".pt"); }

/// A folder that no run has: an import or an average writes its file before its rows, and was cut off in between.
void clearFolderWithoutRun(Catalog& catalog, const std::string& id, RecoveryReport& found) {
  auto& files = catalog.files();
  const auto folder = catalog.home().runFolder(id);
  const auto names = files.list(folder);
  const bool ours = std::any_of(names.begin(), names.end(), [](const auto& name) { return isTempName(name) || isCheckpointName(name); });
  if (!ours) return;
  const auto lock = tryRunLock(files, catalog.home(), id, kRepairing);
  if (!lock || catalog.hasRun(id)) return;  // it is at work, or has come to its rows meanwhile
  for (const auto& name : names)
    if (!removeTemp(files, folder / name) && isCheckpointName(name))
      found.quarantined.push_back(setAside(catalog, id, folder / name).string());
}

void clearFoldersWithoutRun(Catalog& catalog, const std::vector<core::RunRecord>& runs, RecoveryReport& found) {
  std::set<std::string> known;
  for (const auto& run : runs) known.insert(run.id);
  std::error_code ignored;
  for (const auto& name : catalog.files().list(catalog.home().checkpoints()))
    if (!known.contains(name) && std::filesystem::is_directory(catalog.home().runFolder(name), ignored))
      clearFolderWithoutRun(catalog, name, found);
}

}  // namespace

RecoveryReport repair(Catalog& catalog, const core::Progress& progress) {
  RecoveryReport found;
  const auto runs = catalog.allRuns();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    report(progress, "Checking runs", i, runs.size());
    repairRun(catalog, runs[i].id, found, progress);
  }
  clearFoldersWithoutRun(catalog, runs, found);
  catalog.removeHalfBackups();
  catalog.emptyTrash(true);
  if (found.empty()) return found;
  found.at = core::nowIso8601();
  catalog.recordRecovery(found);
  return found;
}

bool expectsFile(const core::CheckpointRecord& checkpoint) {
  return checkpoint.state != core::CheckpointState::Pruned && checkpoint.state != core::CheckpointState::Deleted;
}

std::vector<std::string> verify(Catalog& catalog, const std::vector<core::CheckpointRecord>& checkpoints,
                                const core::Progress& progress) {
  RecoveryReport found;
  std::vector<std::string> bad;
  for (const auto& record : checkpoints) {
    if (!expectsFile(record)) continue;
    if (!checkFile(catalog, record, found, progress)) bad.push_back(record.id);
  }
  return bad;
}

}  // namespace cairn::storage
