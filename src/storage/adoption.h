// Whether a file that no row knows is a whole checkpoint of ours: its fixed layout, encoded again, gives the same bytes.
// Free functions, thread-safe.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/records.h"
#include "storage/file_system.h"
#include "storage/home.h"

namespace cairn::storage {

/// The row that the file would have had; none if it cannot be proved to be a whole one of `run`. Blocks.
std::optional<core::CheckpointRecord> recordOfWholeFile(FileSystem& files, const Home& home, const std::string& run,
                                                        const std::filesystem::path& path);

}  // namespace cairn::storage
