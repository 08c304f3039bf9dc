// What the checkpoint files of a home know that its catalog does not: each carries its run, step, spec and metrics.
// Private to src/storage; free functions, thread-safe.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/records.h"
#include "storage/file_system.h"
#include "storage/home.h"

namespace cairn::storage {

/// A whole checkpoint file, without its tensors.
struct FileFacts {
  core::CheckpointRecord record;
  std::filesystem::path path;  ///< where it lies: its place in the home, or the trash
  core::RunRecord run;         ///< what it says of its run, as of its own step
  std::vector<core::RunEvent> events;  ///< live changes up to it
};

/// What the file says; none if it is not a whole checkpoint of ours. Blocks.
std::optional<FileFacts> factsOf(FileSystem& files, const Home& home, const std::filesystem::path& path);

/// Files of which the base's catalog says all there is to say.
struct KnownFiles {
  std::set<std::string> inPlace;  ///< paths relative to the home: of rows that expect their file, or have yet to move it
  std::set<std::string> trashed;  ///< ids of checkpoints that lie in the trash
};
/// Of the database file of a catalog; nothing is known without one. Blocks.
KnownFiles knownFiles(const std::optional<std::filesystem::path>& database);

/// Every whole file in checkpoints/ and trash/ beyond `known`, ordered by run and step. Blocks.
std::vector<FileFacts> unknownFiles(FileSystem& files, const Home& home, const KnownFiles& known,
                                    const core::Progress& progress);

}  // namespace cairn::storage
