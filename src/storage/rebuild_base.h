// What a rebuilt catalog stands on: the catalog itself where it is sound, else its backup, else nothing. Private to
// src/storage; free functions, thread-safe.
#pragma once

#include <optional>
#include <string>

#include "storage/rebuild.h"

namespace cairn::storage {

struct RebuildBase {
  RebuildReport::From from = RebuildReport::From::Nothing;
  std::string damage;    ///< of the catalog, if that is not what it stands on
  std::string backupAt;  ///< ISO 8601, UTC, if it stands on the backup
  std::string backupDamage;
};

/// Reads the catalog, and where that is damaged the backup, whole. Throws Error if another program has the catalog open.
RebuildBase chooseBase(const Home& home, FileSystem& files, const core::Progress& progress);

/// The database file of the base; nothing if it stands on nothing.
std::optional<std::filesystem::path> databaseOf(const Home& home, const RebuildBase& base);

/// Moves the damaged catalog with its log into quarantine/, then puts the backup's copy, or an
/// empty one, in its place. What it moved
/// lies at the path that it returns; empty if there was nothing. In each state that a crash leaves, nothing is lost, and
/// it can be called again.
std::filesystem::path putInPlace(const Home& home, FileSystem& files, const RebuildBase& base);

}  // namespace cairn::storage
