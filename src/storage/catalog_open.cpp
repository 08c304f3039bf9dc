// How a catalog is opened: for writing (durability set and checked, migrated), for reading, and on a read-only mount.
#include <sqlite3.h>

#include <array>
#include <chrono>
#include <fstream>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include "core/error.h"
#include "core/error_codes.h"
#include "core/text.h"
#include "storage/catalog_impl.h"
#include "storage/checkpoint_files.h"
#include "storage/schema.h"

namespace cairn::storage {

namespace fs = std::filesystem;

namespace {

constexpr int kBusyMilliseconds = 10'000;
constexpr int kApplicationId = 0x63726e31;  // "crn1": this SQLite file is a catalog of ours
constexpr int kSomeVersion = 10'000;          // more is no version
constexpr std::string_view kMagic{"SQLite format 3", 16};

// SQLite finds out late, and then speaks of encryption: look first.
void refuseOtherFiles(const fs::path& file) {
  std::error_code ignored;
  if (fs::is_directory(file, ignored)) throw Error("catalog " + file.string(), "it is a folder", "move it away");
  if (!fs::exists(file, ignored) || fs::file_size(file, ignored) == 0) return;
  if (fs::exists(file.string() + "-journal", ignored)) return;  // power was cut while it was made: SQLite takes that back
  std::array<char, kMagic.size()> start{};
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error("catalog " + file.string(), "it cannot be read", "check the permissions of the home");
  in.read(start.data(), start.size());
  if (std::string_view(start.data(), static_cast<std::size_t>(in.gcount())) != kMagic)
    throw Error("catalog " + file.string(), "it is not a SQLite file, or its first page is damaged", kRebuildAdvice,
                ErrorKind::Failed, SQLITE_NOTADB);
}

bool holdsCheckpoints(FileSystem& files, const Home& home) {
  for (const auto& run : files.list(home.checkpoints()))
    for (const auto& name : files.list(home.runFolder(run)))
      if (name.ends_with(".pt") && !isTempName(name)) return true;
  return false;
}

/// A new catalog would hide what the one that is gone spoke of, and soon replace its backup.
void refuseToStartAnew(FileSystem& files, const Home& home) {
  std::error_code ignored;
  const auto file = home.catalog();
  if (fs::exists(file, ignored) && fs::file_size(file, ignored) > 0) return;
  const bool backup = files.exists(home.catalogBackup());
  if (!backup && !holdsCheckpoints(files, home)) return;
  throw Error("catalog " + file.string(), fmt::format("it is gone, though {} there", backup ? "its backup is" : "checkpoints are"),
              kRebuildAdvice, ErrorKind::Failed, kCatalogMissing);
}

std::string pragma(SQLite::Database& database, const std::string& name) {
  return database.execAndGet("PRAGMA " + name).getString();
}

// Changing the journal needs the file for itself for a moment, and does not wait by the busy timeout.
void setJournal(SQLite::Database& database, const std::string& mode) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(kBusyMilliseconds);
  while (pragma(database, "journal_mode") != mode) {
    try {
      if (database.execAndGet("PRAGMA journal_mode=" + mode).getString() == mode) return;
    } catch (const SQLite::Exception& error) {
      if ((error.getErrorCode() & 0xff) != SQLITE_BUSY || std::chrono::steady_clock::now() > until) throw;
    }
    if (std::chrono::steady_clock::now() > until) return;  // makeDurable() says what it is
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void makeDurable(SQLite::Database& database, const fs::path& file, bool network) {
  const std::string journal = network ? "delete" : "wal";
  const std::string synchronous = network ? "3" : "2";  // EXTRA, FULL
  setJournal(database, journal);
  database.exec("PRAGMA synchronous=" + synchronous);
  if (pragma(database, "journal_mode") != journal || pragma(database, "synchronous") != synchronous)
    throw Error("catalog " + file.string(), fmt::format("SQLite refuses journal_mode={}, synchronous={}", journal, synchronous),
                "without them a power cut could lose checkpoints: choose a home on another file system");
}

bool logHoldsRows(const fs::path& file) {
  std::error_code error;
  const auto bytes = fs::file_size(file.string() + "-wal", error);
  return !error && bytes > 0;
}

// In a URI these would end or escape the path.
std::string uriOf(const fs::path& file) {
  std::string uri = "file:";
  for (const char c : file.string()) {
    if (c == '%' || c == '?' || c == '#') uri += fmt::format("%{:02X}", static_cast<int>(c));
    else uri.push_back(c);
  }
  return uri + "?immutable=1";
}

std::unique_ptr<SQLite::Database> tryReading(const std::string& name, int flags) {
  auto database = std::make_unique<SQLite::Database>(name, flags, kBusyMilliseconds);
  database->execAndGet("SELECT count(*) FROM sqlite_schema");  // only a read tells whether the log can be used
  return database;
}

fs::path copyOf(const fs::path& file) {
  const fs::path folder = fs::temp_directory_path() / ("cairn-" + core::newId());
  fs::create_directory(folder);
  fs::permissions(folder, fs::perms::owner_all);
  fs::copy_file(file, folder / file.filename());
  const auto log = file.string() + "-wal";
  if (fs::exists(log)) fs::copy_file(log, folder / (file.filename().string() + "-wal"));
  return folder;
}

}  // namespace

Catalog::Impl::Impl(const Home& place, Access asked, FileSystem& fileSystem)
    : home(fs::absolute(place.root()).lexically_normal()), access(asked), files(fileSystem) {
  refuseOtherFiles(home.catalog());
  read([&] {
    if (access == Access::Write) {
      openForWriting();
    } else {
      openForReading();
    }
  });
}

Catalog::Impl::~Impl() {
  statements.clear();
  database.reset();
  std::error_code ignored;
  if (!privateCopy.empty()) fs::remove_all(privateCopy, ignored);
}

void Catalog::Impl::openForWriting() {
  refuseToStartAnew(files, home);
  files.makeFolders(home.root());
  database = std::make_unique<SQLite::Database>(home.catalog().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE,
                                                kBusyMilliseconds);
  requireKnownVersion();
  makeDurable(*database, home.catalog(), files.isNetworkFileSystem(home.root()));
  // Where a file cannot be opened to write just now, SQLite opens it to read, and stays with that; on a read-only mount even
  // BEGIN IMMEDIATE is then let pass.
  if (sqlite3_db_readonly(database->getHandle(), "main") == 1)
    throw Error("catalog " + home.catalog().string(), "it cannot be written",
                "check the permissions of the home, or choose another one with --home", ErrorKind::Failed, SQLITE_READONLY);
  database->exec("BEGIN IMMEDIATE");
  database->exec("ROLLBACK");
  database->exec("PRAGMA foreign_keys=ON");
  migrate();
}

void Catalog::Impl::openForReading() {
  const auto file = home.catalog();
  std::error_code ignored;
  if (!fs::exists(file, ignored) || fs::file_size(file, ignored) == 0) {
    refuseToStartAnew(files, home);
    throw Error("home " + home.root().string(), "there is no catalog in it", "train a run first, or choose another home with --home");
  }
  try {
    database = tryReading(file.string(), SQLite::OPEN_READONLY);
  } catch (const SQLite::Exception& error) {
    const int code = error.getErrorCode() & 0xff;
    if (code != SQLITE_CANTOPEN && code != SQLITE_READONLY) throw;
    // A mount that is read-only: without a log the file is all there is; else a copy can take the log in.
    if (!logHoldsRows(file)) {
      database = tryReading(uriOf(file), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
    } else {
      privateCopy = copyOf(file);
      database = tryReading((privateCopy / file.filename()).string(), SQLite::OPEN_READWRITE);
    }
  }
  requireKnownVersion();
  if (database->execAndGet("PRAGMA user_version").getInt() < static_cast<int>(schemaFiles().size())) readAsOfNow();
}

// A catalog of an older version may stand where nothing can be written: a copy of it takes the steps to this one.
void Catalog::Impl::readAsOfNow() {
  database.reset();
  if (privateCopy.empty()) privateCopy = copyOf(home.catalog());
  const auto copy = privateCopy / home.catalog().filename();
  std::filesystem::permissions(copy, fs::perms::owner_read | fs::perms::owner_write);
  database = tryReading(copy.string(), SQLite::OPEN_READWRITE);
  migrate();
}

void Catalog::Impl::requireKnownVersion() {
  const std::string subject = "catalog " + home.catalog().string();
  const int version = database->execAndGet("PRAGMA user_version").getInt();
  const int known = static_cast<int>(schemaFiles().size());
  const bool used = database->execAndGet("SELECT count(*) FROM sqlite_schema").getInt() > 0;
  const bool ours = database->execAndGet("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('runs', 'checkpoints',"
                                         " 'metric_chunks')").getInt() == 3;
  const bool marked = database->execAndGet("PRAGMA application_id").getInt() == kApplicationId;
  if (used && !ours && !marked)
    throw Error(subject, "it is a database of another program", "move it away, or choose another home with --home",
                ErrorKind::Failed, kCatalogForeign);
  if (used && (!ours || !marked || version < 1 || version > kSomeVersion))
    throw damagedCatalog(home.catalog(), "what it says of itself makes no sense");
  if (version > known)
    throw Error(subject, fmt::format("it is from a newer version of Cairn (its format is {}, this one knows {})", version, known),
                "use that newer version, or choose another home with --home", ErrorKind::Failed, kCatalogNewer);
}

void Catalog::Impl::migrate() {
  const auto steps = schemaFiles();
  const auto version = [&] { return static_cast<std::size_t>(database->execAndGet("PRAGMA user_version").getInt()); };
  while (version() < steps.size()) {
    Transaction transaction(*this);
    const auto from = version();  // again: another process may have come first
    if (from >= steps.size()) return;
    database->exec(std::string(steps[from].sql));
    database->exec(fmt::format("PRAGMA application_id={}", kApplicationId));
    database->exec(fmt::format("PRAGMA user_version={}", from + 1));
    transaction.commit();
  }
}

}  // namespace cairn::storage
