// Memory for what is large and walked from end to end: aligned to 64 bytes, and in large pages where the system has
// them, so that a first touch of 100 MB is fifty faults and not 25,000. Thread-safe.
#pragma once

#include <cstddef>
#include <memory>

namespace cairn::core {

struct FreeLargeMemory {
  void operator()(std::byte* memory) const;
};
using LargeMemory = std::unique_ptr<std::byte, FreeLargeMemory>;

/// At least one byte. Throws std::bad_alloc.
LargeMemory allocateLarge(std::size_t bytes);

}  // namespace cairn::core
