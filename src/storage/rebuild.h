// The catalog made anew where it is damaged or gone: from its own backup first, then from the checkpoint files, each of
// which carries its run, step, spec and metrics. Free functions; whoever calls closes its connections to that catalog first.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/progress.h"
#include "storage/file_system.h"
#include "storage/home.h"

namespace cairn::storage {

/// What a rebuild found and did.
struct RebuildReport {
  enum class From {
    Catalog,  ///< the catalog was sound: it was kept as it is
    Backup,   ///< catalog.backup.sqlite took its place
    Nothing,  ///< no sound backup either: all stands on the checkpoint files
  };
  From from = From::Nothing;
  std::string damage;               ///< what was wrong with the catalog; "" if it was sound
  std::string backupAt;             ///< when the backup that was used was made, ISO 8601, UTC; "" without
  std::filesystem::path setAside;   ///< where the damaged catalog lies now; empty if none was moved
  std::int64_t runs = 0;            ///< in the catalog now
  std::int64_t checkpoints = 0;     ///< of these with a file: ready
  std::vector<std::string> runsFromFiles;  ///< ids of runs that only their files knew
  std::vector<std::string> adopted;        ///< ids of checkpoints that only their files knew
  std::vector<std::string> undeleted;      ///< ids of checkpoints that the trash held and no row knew as deleted
  std::vector<std::string> interrupted;    ///< ids of runs whose training had been cut off
  std::vector<std::string> missing;        ///< ids of checkpoints whose file is gone
  std::vector<std::string> damaged;        ///< ids of checkpoints whose file is not what was written
  std::vector<std::string> quarantined;    ///< paths of files that are not whole checkpoints of ours, set aside
  std::vector<std::string> lost;           ///< sentences: what could not be brought back
};

/// Whether rebuilding is what helps against `error`: the catalog is damaged, no SQLite file, or gone while its
/// checkpoints are there.
bool needsRebuild(const Error& error);

/// What is wrong with the catalog, reading every page and row of it: "" if nothing is. Throws Error where it cannot be
/// looked at (permissions, a newer version). Blocks.
std::string findDamage(const Home& home, FileSystem& files = FileSystem::posix(), const core::Progress& progress = {});

/// Sets a damaged catalog aside (nothing is deleted), puts the backup or an empty one in its place, brings in what the
/// checkpoint files know beyond it, and repairs. May be called on a sound home, and again after a crash or a cancel.
/// Throws Error and changes nothing: a run is being trained, another program has the catalog open, `progress` said no.
/// Blocks: every file that the backup does not know is read whole.
RebuildReport rebuildCatalog(const Home& home, FileSystem& files = FileSystem::posix(), const core::Progress& progress = {});

}  // namespace cairn::storage
