#include "storage/room.h"

#include <sqlite3.h>

#include <cerrno>

#include <fmt/format.h>

#include "core/text.h"

namespace cairn::storage {

bool isForLackOfRoom(const Error& error) {
  static_assert(SQLITE_FULL != ENOSPC && SQLITE_FULL != EDQUOT);
  return error.code() == ENOSPC || error.code() == EDQUOT || (error.code() == SQLITE_FULL && error.subject().starts_with("catalog "));
}

Error withRoom(const Error& error, FileSystem& files, const Home& home, std::int64_t waiting) {
  std::string room = core::humanBytes(waiting) + " wait in memory";
  try {
    const auto there = static_cast<std::int64_t>(files.freeBytes(home.root()));
    room += fmt::format(", {} are free", core::humanBytes(there));
    // Under a quota there may be enough, and none of it for us.
    if (there < waiting) room += fmt::format(": {} are missing", core::humanBytes(waiting - there));
  } catch (const Error&) {
    // The error at hand is what counts.
  }
  return {error.subject(), fmt::format("{} ({})", error.why(), room), error.advice(), error.kind(), error.code()};
}

}  // namespace cairn::storage
