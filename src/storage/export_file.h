// Files that a person names to take something out of Cairn: whole or not at all, in place of one that is there.
// Free functions, thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "core/progress.h"
#include "core/state_tree.h"
#include "storage/file_system.h"

namespace cairn::storage {

/// Writes to a temp file beside `target`, syncs it, and renames it over `target`. `produce` hands the bytes, `size` in
/// all, to what it is given; `progress` counts bytes. Throws Error naming the target; then it is as it was. Blocks.
void writeExport(FileSystem& files, const std::filesystem::path& target, std::uint64_t size,
                 const std::function<void(const std::function<void(std::span<const std::byte>)>&)>& produce,
                 const core::Progress& progress = {});

void exportTorchFile(FileSystem& files, const std::filesystem::path& target, const core::StateTree& tree,
                     const core::Progress& progress = {});
void exportSafetensors(FileSystem& files, const std::filesystem::path& target, const core::StateTree& stateDict,
                       std::map<std::string, std::string> metadata, const core::Progress& progress = {});
void exportText(FileSystem& files, const std::filesystem::path& target, std::string_view text);

/// Every float as a 0-dim float64 tensor: what the weights_only of PyTorch 1.13 takes, which refuses plain floats
/// (pytorch#94670).
core::StateTree withTensorFloats(const core::StateTree& tree);

}  // namespace cairn::storage
