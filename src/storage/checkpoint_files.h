// Checkpoint files made durable, moved to the trash, removed and checked: the protocols of docs/design.md, "On disk".
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/error.h"
#include "core/progress.h"
#include "core/records.h"
#include "core/state_tree.h"
#include "storage/file_system.h"
#include "storage/home.h"

namespace cairn::storage {

struct WrittenFile {
  std::filesystem::path path;
  std::uint64_t bytes = 0;
  std::string fileHash;   ///< XXH3-128 of the whole file
  std::string stateHash;
};

/// Steps 1 to 6 of the save protocol: temp file, preallocate, write, fdatasync, rename, fsync of the folder. After it
/// returns the file survives a power cut; on an Error nothing of it is left but perhaps our own temp file. Blocks.
/// `state` gets its "state_hash" into the "cairn" dict on the way.
WrittenFile writeCheckpointFile(FileSystem& files, const std::filesystem::path& target, const core::StateTree& state);

/// Reads a catalogued checkpoint whole and compares it with its row (size, file hash). Throws Error naming the file.
std::shared_ptr<const core::StateTree> readCheckpoint(FileSystem& files, const core::CheckpointRecord& record,
                                                      const core::Progress& progress = {});
/// Size and whole-file hash against the row, nothing parsed. Throws Error. Blocks.
void verifyCheckpointFile(FileSystem& files, const core::CheckpointRecord& record, const core::Progress& progress = {});

/// Whether a failed read says that the file is bad; not so a lack of rights, memory or descriptors, which may pass.
bool tellsOfContents(const Error& error);

bool isTempName(const std::string& name);  ///< one of our own temp files' names

}  // namespace cairn::storage
