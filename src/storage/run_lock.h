// A run's lock and who holds it: whoever is refused is told which process has the run, and what it does with it.
// Free functions, thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "storage/file_system.h"
#include "storage/home.h"

namespace cairn::storage {

// What a holder does with the run.
inline constexpr std::string_view kTraining = "training";
inline constexpr std::string_view kRepairing = "repairing";
inline constexpr std::string_view kDeleting = "deleting";
inline constexpr std::string_view kImporting = "importing";
inline constexpr std::string_view kAveraging = "averaging";
inline constexpr std::string_view kRebuilding = "rebuilding the catalog with";

/// Null if somebody holds it. Makes the run's folder. Throws Error where the lock file cannot be made. Must not block.
std::unique_ptr<FileLock> tryRunLock(FileSystem& files, const Home& home, const std::string& run, std::string_view doing);

/// Waits some seconds for who repairs or deletes; for who trains it does not. `name` is the run's. Throws Error naming
/// the holder. Blocks.
std::unique_ptr<FileLock> takeRunLock(FileSystem& files, const Home& home, const std::string& run, const std::string& name,
                                      std::string_view doing);

}  // namespace cairn::storage
