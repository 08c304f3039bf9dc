// A file of weights or a checkpoint that somebody else wrote: PyTorch's or safetensors', told apart by content, since a
// name may lie. Executes nothing. Free functions, thread-safe.
#pragma once

#include <filesystem>
#include <memory>

#include "core/progress.h"
#include "core/state_tree.h"
#include "storage/file_system.h"

namespace cairn::storage {

struct ForeignFile {
  std::shared_ptr<const core::StateTree> tree;  ///< of a safetensors file: a state dict, its tied names put back
  bool inOrder = true;  ///< its tensors stand as the module has them; else by name, numbers in them by value
};

/// Throws Error naming the file and what is wrong with it. Blocks.
ForeignFile readForeignFile(FileSystem& files, const std::filesystem::path& path, const core::Progress& progress = {});

}  // namespace cairn::storage
