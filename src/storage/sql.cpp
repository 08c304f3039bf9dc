#include "storage/sql.h"

#include <sqlite3.h>

#include <cmath>
#include <limits>

namespace cairn::storage {

const char* const kRebuildAdvice =
    "cairnctl recover --rebuild makes it anew from its backup and the checkpoint files, and deletes nothing";

Error damagedCatalog(const std::filesystem::path& catalog, const std::string& why) {
  return {"catalog " + catalog.string(), "it is damaged: " + why, kRebuildAdvice, ErrorKind::Failed, SQLITE_CORRUPT};
}

Query::~Query() {
  statement_.tryReset();
  try {
    statement_.clearBindings();
  } catch (const SQLite::Exception&) {
    // It cannot fail on a statement that was just reset; and the next with() binds every parameter anew.
  }
}

std::optional<double> Query::real(int column) const {
  const auto value = statement_.getColumn(column);
  if (value.isNull()) return {};
  if (value.isText()) return std::numeric_limits<double>::quiet_NaN();
  return value.getDouble();
}

std::span<const std::byte> Query::blob(int column) const {
  const auto value = statement_.getColumn(column);
  return {static_cast<const std::byte*>(value.getBlob()), static_cast<std::size_t>(value.getBytes())};
}

void Query::bindNext(double value) {
  if (std::isnan(value)) {
    statement_.bind(++bound_, "nan");
  } else {
    statement_.bind(++bound_, value);
  }
}

void Query::bindNext(const std::optional<double>& value) {
  if (value) {
    bindNext(*value);
  } else {
    statement_.bind(++bound_);
  }
}

void Query::bindNext(std::span<const std::byte> blob) {
  statement_.bind(++bound_, blob.data(), static_cast<int>(blob.size()));
}

Error translated(const SQLite::Exception& error, const std::filesystem::path& catalog) {
  const std::string subject = "catalog " + catalog.string();
  const int code = error.getExtendedErrorCode() > 0 ? error.getExtendedErrorCode() : error.getErrorCode();
  const auto made = [&](const std::string& why, const std::string& advice) {
    return Error(subject, why, advice, ErrorKind::Failed, code);
  };
  switch (error.getErrorCode() & 0xff) {
    case SQLITE_NOTADB: return made("it is not a SQLite file, or its first page is damaged", kRebuildAdvice);
    case SQLITE_CORRUPT: return made("it is damaged", kRebuildAdvice);
    case SQLITE_FULL: return made("the disk is full", "make room on it");
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return made("it cannot be written", "check the permissions of the home, or choose another one with --home");
    case SQLITE_CANTOPEN:
      return made("it cannot be opened", "check that the home is there and can be written, or choose another with --home");
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return made("another program keeps it locked", "close that program, or try again");
    case SQLITE_IOERR:
      return made(std::string("reading or writing failed (") + error.what() + ")", "check the disk and the room on it");
    default: return made(error.what(), {});
  }
}

std::string joinText(const std::vector<std::string>& items, char separator) {
  std::string text;
  for (const auto& item : items) {
    if (!text.empty()) text.push_back(separator);
    for (const char c : item) text.push_back(c == separator ? ' ' : c);
  }
  return text;
}

std::vector<std::string> splitText(std::string_view text, char separator) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const auto end = text.find(separator);
    if (end != 0) items.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return items;
}

}  // namespace cairn::storage
