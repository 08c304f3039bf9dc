#include "storage/rebuild_base.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <array>
#include <chrono>
#include <memory>
#include <system_error>

#include <fmt/format.h>

#include "core/error_codes.h"
#include "core/text.h"
#include "storage/catalog.h"

namespace cairn::storage {

namespace fs = std::filesystem;

namespace {

// The log first: beside another database it would be taken for that one's.
constexpr std::array kParts = {"-wal", "-shm", "-journal", ""};
constexpr std::size_t kPiece = 1u << 20;
constexpr const char* kAsideName = "catalog.sqlite";

std::string timeOf(const fs::path& file) {
  std::error_code error;
  const auto time = fs::last_write_time(file, error);
  if (error) return {};
  const auto age = fs::file_time_type::clock::now() - time;
  return core::toIso8601(std::chrono::system_clock::now() - std::chrono::duration_cast<std::chrono::system_clock::duration>(age));
}

/// In WAL mode each connection holds a shared lock on the file as long as it lives: an exclusive one tells of others.
void refuseIfOpenElsewhere(const Home& home) {
  if (!fs::exists(home.catalog())) return;
  try {
    SQLite::Database probe(home.catalog().string(), SQLite::OPEN_READWRITE);
    probe.execAndGet("PRAGMA locking_mode=EXCLUSIVE");
    probe.execAndGet("SELECT count(*) FROM sqlite_schema");
  } catch (const SQLite::Exception& error) {
    const int code = error.getErrorCode() & 0xff;
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
      throw Error("catalog " + home.catalog().string(), "another program has it open", "close other windows of Cairn, and cairnctl, first");
  }
}

/// A folder beside the catalog with what will be one under its name: a copy of the backup, or an empty one.
class FutureCatalog {
 public:
  FutureCatalog(const Home& home, FileSystem& files, bool fromBackup) : files_(files), home_(home.rebuilding()) {
    remove();  // what a crash left
    files_.makeFolders(home_.root());
    if (fromBackup) {
      copyFile(home.catalogBackup(), home_.catalog());
    } else {
      Catalog(home_, Catalog::Access::Write, files_);
    }
  }
  ~FutureCatalog() { remove(); }
  const Home& home() const { return home_; }

 private:
  void remove() {
    std::error_code ignored;
    fs::remove_all(home_.root(), ignored);
  }
  void copyFile(const fs::path& from, const fs::path& to) {
    const auto source = files_.open(from);
    const auto target = files_.createNew(to, source->size());
    std::vector<std::byte> buffer(kPiece);
    for (std::uint64_t at = 0; at < source->size(); at += kPiece) {
      const auto piece = std::span(buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, source->size() - at)));
      source->read(at, piece);
      target->append(piece);
    }
    target->sync();
    target->close();
    files_.syncFolder(to.parent_path());
  }
  FileSystem& files_;
  Home home_;
};

/// Of a catalog that is opened for writing: one of an older version is migrated.
std::string damageOf(const Home& home, FileSystem& files, const core::Progress& progress) {
  try {
    return Catalog(home, Catalog::Access::Write, files).findDamage(progress);
  } catch (const Error& error) {
    if (!needsRebuild(error)) throw;
    return error.why();
  }
}

std::string damageOfBackup(const Home& home, FileSystem& files, const core::Progress& progress) {
  if (!files.exists(home.catalogBackup())) return "there is none";
  const FutureCatalog copy(home, files, /*fromBackup=*/true);
  return damageOf(copy.home(), files, progress);
}

fs::path asideFor(const Home& home, FileSystem& files) {
  const auto folder = home.quarantine() / fmt::format("catalog-{}", core::newId());
  files.makeFolders(folder);
  return folder;
}

}  // namespace

bool needsRebuild(const Error& error) {
  if (error.subject().find("catalog") == std::string::npos) return false;  // errno's numbers are others
  const int code = error.code() > 0 ? error.code() & 0xff : error.code();
  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == kCatalogMissing;
}

std::string findDamage(const Home& home, FileSystem& files, const core::Progress& progress) {
  try {
    return Catalog(home, Catalog::Access::Read, files).findDamage(progress);
  } catch (const Error& error) {
    if (!needsRebuild(error)) throw;
    return error.why();
  }
}

RebuildBase chooseBase(const Home& home, FileSystem& files, const core::Progress& progress) {
  refuseIfOpenElsewhere(home);
  RebuildBase base;
  base.damage = damageOf(home, files, progress);
  if (base.damage.empty()) {
    base.from = RebuildReport::From::Catalog;
    return base;
  }
  base.backupDamage = damageOfBackup(home, files, progress);
  if (!base.backupDamage.empty()) return base;
  base.from = RebuildReport::From::Backup;
  base.backupAt = timeOf(home.catalogBackup());
  return base;
}

std::optional<fs::path> databaseOf(const Home& home, const RebuildBase& base) {
  switch (base.from) {
    case RebuildReport::From::Catalog: return home.catalog();
    case RebuildReport::From::Backup: return home.catalogBackup();
    case RebuildReport::From::Nothing: break;
  }
  return {};
}

fs::path putInPlace(const Home& home, FileSystem& files, const RebuildBase& base) {
  fs::path aside;
  if (base.from == RebuildReport::From::Catalog) return aside;
  const FutureCatalog fresh(home, files, base.from == RebuildReport::From::Backup);
  for (const char* part : kParts) {
    const fs::path from = home.catalog().string() + part;
    if (!files.exists(from)) continue;
    if (aside.empty()) aside = asideFor(home, files);
    files.renameNew(from, aside / (std::string(kAsideName) + part));
  }
  if (!aside.empty()) files.syncFolder(aside);
  files.syncFolder(home.root());
  files.renameNew(fresh.home().catalog(), home.catalog());
  files.syncFolder(home.root());
  return aside;
}

}  // namespace cairn::storage
