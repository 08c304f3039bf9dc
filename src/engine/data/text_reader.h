// Reads a text file as the bytes that it is, plain or gzip. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/progress.h"

namespace cairn::engine {

/// Appends the file's bytes to `bytes`; returns the digest of its contents. Throws Error if it is empty. Blocks.
std::string readText(const std::string& path, std::vector<std::uint8_t>& bytes, const core::Progress& progress);

}  // namespace cairn::engine
