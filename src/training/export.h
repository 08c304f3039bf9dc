// Takes a checkpoint out of Cairn, as a file of another program: PyTorch, safetensors, or a Python script.
// Free functions; any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/state_tree.h"
#include "storage/file_system.h"
#include "storage/home.h"

namespace cairn::training {

enum class ExportFormat { Torch, Safetensors, Python };
/// By the ending: .pt and .pth, .safetensors, .py; none for any other.
std::optional<ExportFormat> exportFormatOf(const std::filesystem::path& file);

struct ExportOptions {
  bool weightsOnly = false;  ///< of .pt: a bare state dict. A safetensors file holds nothing else
  bool forTorch113 = false;  ///< floats as 0-dim tensors, for weights_only=True under PyTorch 1.13
};

/// What exportCheckpoint writes for `file`: itself, and of a script its weights too. Throws Error of kind Invalid for
/// another ending.
std::vector<std::filesystem::path> exportedFiles(const std::filesystem::path& file);
/// Throws Error if `file` lies among the home's own files: nothing overwrites a checkpoint.
void requireOutside(const storage::Home& home, const std::filesystem::path& file);

/// Writes `checkpoint` (a file's tree) to `file`, by its ending, in place of what was there; a script's weights go
/// beside it, as .pt. Returns what was written. Throws Error of kind Invalid for another ending. Blocks.
std::vector<std::filesystem::path> exportCheckpoint(const core::StateTree& checkpoint,
                                                    const std::filesystem::path& file,
                                                    const ExportOptions& options = {},
                                                    const core::Progress& progress = {},
                                                    storage::FileSystem& files = storage::FileSystem::posix());

}  // namespace cairn::training
