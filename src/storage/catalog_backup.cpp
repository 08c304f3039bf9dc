// The catalog's backup, by SQLite's own means: written beside the old one and renamed over it only when it is durable
// and proved sound, so that neither a crash nor a damaged catalog costs the last good one.
#include <SQLiteCpp/Backup.h>

#include <chrono>
#include <system_error>

#include "core/error.h"
#include "storage/catalog_impl.h"
#include "storage/posix_files.h"

namespace cairn::storage {

namespace fs = std::filesystem;

namespace {

constexpr auto kDaily = std::chrono::hours(24);
constexpr const char* kCompanions[] = {"", "-journal", "-wal", "-shm"};  // of a SQLite file

void removeWithCompanions(FileSystem& files, const fs::path& database) {
  for (const char* companion : kCompanions)
    if (const auto path = fs::path(database.string() + companion); files.exists(path)) files.unlink(path);
}

/// The quick check leaves out the indices, which a copy of sound pages keeps sound.
std::string quickCheck(SQLite::Database& database) {
  auto found = database.execAndGet("PRAGMA quick_check(1)").getString();
  return found == "ok" ? std::string() : found;
}

}  // namespace

bool Catalog::backup() {
  impl_->requireWritable();
  auto& files = impl_->files;
  const auto& home = impl_->home;
  const auto lock = files.tryLock(home.backupLock());
  if (!lock) return false;
  const auto fresh = home.backupInMaking();
  removeWithCompanions(files, fresh);
  try {
    impl_->read([&] {
      SQLite::Database copy(fresh.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
      copy.exec("PRAGMA synchronous=EXTRA");
      SQLite::Backup(copy, *impl_->database).executeStep();
      // One file, which a rename moves whole: without a log of its own.
      copy.exec("PRAGMA journal_mode=DELETE");
      if (const auto damage = quickCheck(copy); !damage.empty()) throw damagedCatalog(home.catalog(), damage);
    });
    replacePosixFile(fresh, home.catalogBackup());
    files.syncFolder(home.root());
  } catch (...) {
    try {
      removeWithCompanions(files, fresh);
    } catch (const Error&) {
      // The first error is what counts; the next backup, or repair, takes it away.
    }
    throw;
  }
  return true;
}

bool Catalog::backUpDaily() {
  std::error_code error;
  const auto made = fs::last_write_time(impl_->home.catalogBackup(), error);
  if (!error && fs::file_time_type::clock::now() - made < kDaily) return false;
  return backup();
}

void Catalog::removeHalfBackups() {
  impl_->requireWritable();
  const auto lock = impl_->files.tryLock(impl_->home.backupLock());
  if (!lock) return;
  removeWithCompanions(impl_->files, impl_->home.backupInMaking());
  std::error_code ignored;
  fs::remove_all(impl_->home.rebuilding(), ignored);
}

}  // namespace cairn::storage
