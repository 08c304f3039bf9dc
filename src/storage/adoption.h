// Whether a file that no row knows is a whole checkpoint of ours: its fixed layout, encoded again, gives the same bytes.
// Free functions, thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/records.h"
#include "core/state_tree.h"
#include "storage/file_system.h"
#include "storage/home.h"

namespace cairn::storage {

/// A checkpoint file that was proved to be whole and ours.
struct WholeFile {
  core::CheckpointRecord record;  ///< the row that it would have had, with the path where a home keeps such a file
  std::shared_ptr<const core::StateTree> tree;
};

/// None if it cannot be proved, wherever the file lies (the trash, say). Throws Error where
/// reading failed for a reason that is not the file's (tellsOfContents). Blocks.
std::optional<WholeFile> readWholeFile(FileSystem& files, const Home& home, const std::filesystem::path& path);

/// The row that the file would have had; none if it cannot be proved to be a whole one of `run`, in its place. Blocks.
std::optional<core::CheckpointRecord> recordOfWholeFile(FileSystem& files, const Home& home, const std::string& run,
                                                        const std::filesystem::path& path);

}  // namespace cairn::storage
