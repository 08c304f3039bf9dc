// How much room is missing on a disk that is full, for whoever is to make it. Free functions, thread-safe.
#pragma once

#include <cstdint>

#include "core/error.h"
#include "storage/file_system.h"
#include "storage/home.h"

namespace cairn::storage {

/// A full disk or a quota that is used up, of a file or of the catalog.
bool isForLackOfRoom(const Error& error);

/// The same error, with how much waits for room, how much there is, and the difference.
Error withRoom(const Error& error, FileSystem& files, const Home& home, std::int64_t waiting);

}  // namespace cairn::storage
