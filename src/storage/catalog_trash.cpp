// Files that leave and come back: the row is marked and committed first, then the file is touched and its folder
// synced, then the mark goes. A crash in between leaves a mark, and finishFiles() takes up where it was.
#include <chrono>

#include "core/error.h"
#include "core/text.h"
#include "storage/catalog_impl.h"
#include "storage/run_lock.h"

namespace cairn::storage {

namespace {

constexpr const char* kUnlink = "unlink";
constexpr const char* kTrash = "trash";
constexpr const char* kRestore = "restore";
constexpr const char* kEmpty = "empty";

constexpr const char* kReadyCount = "SELECT count(*) FROM checkpoints WHERE run = ? AND state = 'ready'";
constexpr const char* kMarkDeleted =
    "UPDATE checkpoints SET state_before = state, state = 'deleted', pending = ?, in_trash = ?, deleted_at = ? WHERE id = ?";
constexpr const char* kMark = "UPDATE checkpoints SET pending = ? WHERE id = ?";
constexpr const char* kInTrash = "SELECT in_trash FROM checkpoints WHERE id = ?";
constexpr const char* kClear = "UPDATE checkpoints SET pending = '' WHERE id = ?";
constexpr const char* kRestored =
    "UPDATE checkpoints SET pending = '', in_trash = 0, deleted_at = '', with_run = 0, state = state_before WHERE id = ?";
constexpr const char* kEmptied = "UPDATE checkpoints SET pending = '', in_trash = 0 WHERE id = ?";
constexpr const char* kPendingOfRun = "SELECT id, pending FROM checkpoints WHERE run = ? AND pending <> ''";
constexpr const char* kPending = "SELECT id, pending FROM checkpoints WHERE pending <> ''";
constexpr const char* kPendingOfOne = "SELECT id, pending FROM checkpoints WHERE id = ? AND pending <> ''";
constexpr const char* kPendingInTrash = "SELECT id, pending FROM checkpoints WHERE in_trash = 1 AND deleted_at < ? AND pending <> ''";
constexpr const char* kTrashed =
    "SELECT id, bytes, deleted_at FROM checkpoints WHERE in_trash = 1 AND deleted_at < ? ORDER BY deleted_at";
constexpr const char* kTrashBytes = "SELECT COALESCE(SUM(bytes), 0) FROM checkpoints WHERE in_trash = 1";
constexpr const char* kEver = "9999";  // after every time

constexpr const char* kQueuedRun = "SELECT 1 FROM runs WHERE id = ? AND status = 'queued'";
constexpr const char* kRunDeleted = "UPDATE runs SET deleted_at = ?, in_trash = 1 WHERE id = ? AND deleted_at = ''";
constexpr const char* kFilesDeleted =
    "UPDATE checkpoints SET state_before = state, state = 'deleted', with_run = 1, deleted_at = ?,"
    " pending = CASE state WHEN 'missing' THEN '' ELSE 'trash' END, in_trash = state <> 'missing'"
    " WHERE run = ? AND state IN ('ready', 'missing', 'damaged') AND NOT EXISTS(SELECT 1 FROM runs r"
    " WHERE r.parent_checkpoint <> '' AND r.parent_checkpoint = checkpoints.id AND (r.deleted_at = '' OR r.in_trash = 1))";
constexpr const char* kRunsDeletion = "SELECT deleted_at, in_trash FROM runs WHERE id = ?";
constexpr const char* kFilesRestored = "UPDATE checkpoints SET pending = 'restore' WHERE run = ? AND with_run = 1 AND in_trash = 1";
constexpr const char* kRowsRestored =
    "UPDATE checkpoints SET state = state_before, deleted_at = '', with_run = 0 WHERE run = ? AND with_run = 1 AND in_trash = 0";
constexpr const char* kRunRestored = "UPDATE runs SET deleted_at = '', in_trash = 0 WHERE id = ?";
constexpr const char* kTrashedRuns =
    "SELECT r.id, r.name, count(c.id), COALESCE(SUM(c.bytes), 0), r.deleted_at FROM runs r"
    " LEFT JOIN checkpoints c ON c.run = r.id AND c.in_trash = 1 AND c.with_run = 1"
    " WHERE r.in_trash = 1 GROUP BY r.deleted_at, r.number";
constexpr const char* kMetricsGone =
    "DELETE FROM metric_chunks WHERE run IN (SELECT id FROM runs WHERE in_trash = 1 AND deleted_at < ?)"
    " AND NOT EXISTS(SELECT 1 FROM runs b WHERE b.parent_run <> '' AND b.parent_run = metric_chunks.run)";
constexpr const char* kRunsGone = "UPDATE runs SET in_trash = 0 WHERE in_trash = 1 AND deleted_at < ?";

void moveFile(FileSystem& files, const std::filesystem::path& from, const std::filesystem::path& to) {
  if (!files.exists(from)) return;  // moved before a crash, or missing long since
  files.makeFolders(to.parent_path());
  files.renameNew(from, to);
  files.syncFolder(to.parent_path());
  files.syncFolder(from.parent_path());
}

void removeFile(FileSystem& files, const std::filesystem::path& path) {
  if (!files.exists(path)) return;
  files.unlink(path);
  files.syncFolder(path.parent_path());
}

}  // namespace

std::filesystem::path Catalog::Impl::trashFile(const std::string& checkpoint) const {
  return home.trash() / (checkpoint + ".pt");
}

void Catalog::Impl::finishFile(const core::CheckpointRecord& checkpoint, const std::string& pending) {
  const auto trashed = trashFile(checkpoint.id);
  if (pending == kTrash) moveFile(files, checkpoint.path, trashed);
  if (pending == kRestore) moveFile(files, trashed, checkpoint.path);
  if (pending == kUnlink) removeFile(files, checkpoint.path);
  if (pending == kEmpty) removeFile(files, trashed);
  write([&] {
    const char* finish = pending == kRestore ? kRestored : pending == kEmpty ? kEmptied : kClear;
    Query(prepared(finish)).with(checkpoint.id).run();
    moveBestRole(checkpoint.run);
    touch(checkpoint.run);
  });
}

void Catalog::Impl::finishAll(const char* pending, const std::string& of) {
  requireWritable();
  std::vector<std::pair<core::CheckpointRecord, std::string>> open;
  read([&] {
    Query row(prepared(pending));
    if (!of.empty()) row.with(of);
    while (row.next()) open.emplace_back(requireCheckpoint(row.text(0)), row.text(1));
  });
  for (const auto& [checkpoint, what] : open) finishFile(checkpoint, what);
}

void Catalog::finishFiles(const std::string& run) { impl_->finishAll(run.empty() ? kPending : kPendingOfRun, run); }

void Catalog::deleteCheckpoint(const std::string& checkpoint, bool evenLastGood) {
  impl_->finishAll(kPendingOfOne, checkpoint);
  const auto record = impl_->write([&] {
    auto found = impl_->requireCheckpoint(checkpoint);
    const std::string subject = "checkpoint " + checkpoint;
    if (found.state == core::CheckpointState::Deleted) throw Error(subject, "it is deleted already", "choose another checkpoint");
    if (found.state == core::CheckpointState::Pruned)
      throw Error(subject, "it was pruned: there is no file left to delete", "choose another checkpoint");
    if (impl_->isParent(checkpoint)) throw Error(subject, "a branch starts from it", "it must stay as long as the branch does");
    if (found.state == core::CheckpointState::Ready && !evenLastGood) {
      Query ready(impl_->prepared(kReadyCount));
      ready.with(found.run).next();
      if (ready.integer(0) <= 1) throw Error(subject, "it is the last good one of its run", "save another first");
    }
    const bool there = found.state != core::CheckpointState::Missing;
    Query(impl_->prepared(kMarkDeleted)).with(there ? kTrash : "", there, core::nowIso8601(), checkpoint).run();
    impl_->moveBestRole(found.run);
    impl_->touch(found.run);
    return found;
  });
  if (record.state != core::CheckpointState::Missing) impl_->finishFile(record, kTrash);
}

void Catalog::undeleteCheckpoint(const std::string& checkpoint) {
  impl_->finishAll(kPendingOfOne, checkpoint);
  const auto record = impl_->write([&] {
    auto found = impl_->requireCheckpoint(checkpoint);
    if (found.state != core::CheckpointState::Deleted) throw Error("checkpoint " + checkpoint, "it is not deleted", "choose one that is");
    if (impl_->deletionOf(found.run).at != "") throw Error("checkpoint " + checkpoint, "its run is deleted", "restore the run");
    Query row(impl_->prepared(kInTrash));
    row.with(checkpoint).next();
    if (row.integer(0) == 0 || !impl_->files.exists(impl_->trashFile(checkpoint)))
      throw Error("checkpoint " + checkpoint, "its file is no longer in the trash", "choose another checkpoint");
    Query(impl_->prepared(kMark)).with(kRestore, checkpoint).run();
    return found;
  });
  impl_->finishFile(record, kRestore);
}

Catalog::Impl::Deletion Catalog::Impl::deletionOf(const std::string& run) {
  Query row(prepared(kRunsDeletion));
  if (!row.with(run).next()) throw Error("run " + run, "it is not on record", "choose another");
  return {row.text(0), row.integer(1) != 0};
}

bool Catalog::isDeleted(const std::string& run) {
  return impl_->read([&] { return hasRun(run) && !impl_->deletionOf(run).at.empty(); });
}

void Catalog::deleteRun(const std::string& run) {
  const auto name = this->run(run).name;
  const auto lock = takeRunLock(files(), home(), run, name, kDeleting);
  impl_->finishAll(kPendingOfRun, run);
  impl_->write([&] {
    if (Query(impl_->prepared(kQueuedRun)).with(run).next())
      throw Error("run " + name, "it waits for its turn", "take it out of the queue first");
    const auto now = core::nowIso8601();
    if (Query(impl_->prepared(kRunDeleted)).with(now, run).run() == 0)
      throw Error("run " + name, "it is deleted already", "choose another");
    Query(impl_->prepared(kFilesDeleted)).with(now, run).run();
    impl_->moveBestRole(run);
    impl_->touch(run);
  });
  impl_->finishAll(kPendingOfRun, run);
}

void Catalog::undeleteRun(const std::string& run) {
  impl_->finishAll(kPendingOfRun, run);
  impl_->write([&] {
    const auto deletion = impl_->deletionOf(run);
    if (deletion.at.empty()) throw Error("run " + run, "it is not deleted", "choose one that is");
    if (!deletion.inTrash) throw Error("run " + run, "it is no longer in the trash", "choose another");
    Query(impl_->prepared(kFilesRestored)).with(run).run();
    Query(impl_->prepared(kRowsRestored)).with(run).run();
    Query(impl_->prepared(kRunRestored)).with(run).run();
    impl_->touch(run);
  });
  impl_->finishAll(kPendingOfRun, run);
}

std::vector<TrashedRun> Catalog::trashedRuns() {
  return impl_->read([&] {
    std::vector<TrashedRun> runs;
    Query row(impl_->prepared(kTrashedRuns));
    while (row.next()) runs.push_back({row.text(0), row.text(1), row.integer(2), row.integer(3), row.text(4)});
    return runs;
  });
}

std::vector<TrashEntry> Catalog::trash() {
  return impl_->read([&] {
    std::vector<TrashEntry> entries;
    Query row(impl_->prepared(kTrashed));
    row.with(kEver);
    while (row.next()) entries.push_back({row.text(0), impl_->trashFile(row.text(0)), row.integer(1), row.text(2)});
    return entries;
  });
}

std::int64_t Catalog::totalTrashBytes() {
  return impl_->read([&] {
    Query row(impl_->prepared(kTrashBytes));
    row.next();
    return row.integer(0);
  });
}

std::int64_t Catalog::emptyTrash(bool onlyExpired) {
  const auto before = onlyExpired ? core::toIso8601(std::chrono::system_clock::now() - std::chrono::days(kTrashDays)) : std::string(kEver);
  // Another mark in the place of one that a crash left would forget what is still to be moved.
  impl_->finishAll(kPendingInTrash, before);
  std::vector<core::CheckpointRecord> leaving;
  impl_->write([&] {
    {
      Query row(impl_->prepared(kTrashed));
      row.with(before);
      while (row.next()) leaving.push_back(impl_->requireCheckpoint(row.text(0)));
    }
    for (const auto& record : leaving) Query(impl_->prepared(kMark)).with(kEmpty, record.id).run();
    Query(impl_->prepared(kMetricsGone)).with(before).run();
    Query(impl_->prepared(kRunsGone)).with(before).run();
  });
  std::int64_t freed = 0;
  for (const auto& record : leaving) {
    impl_->finishFile(record, kEmpty);
    freed += record.bytes;
  }
  return freed;
}

}  // namespace cairn::storage
