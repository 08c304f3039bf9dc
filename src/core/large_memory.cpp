#include "core/large_memory.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace cairn::core {

namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kLargePage = std::size_t{2} << 20;

std::size_t roundedUp(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

}  // namespace

void FreeLargeMemory::operator()(std::byte* memory) const { std::free(memory); }

LargeMemory allocateLarge(std::size_t bytes) {
  const std::size_t unit = bytes >= 2 * kLargePage ? kLargePage : kAlignment;
  if (bytes > SIZE_MAX - unit) throw std::bad_alloc();
  const auto size = roundedUp(std::max<std::size_t>(bytes, 1), unit);
  LargeMemory memory(static_cast<std::byte*>(std::aligned_alloc(unit, size)));
  if (!memory) throw std::bad_alloc();
#ifdef __linux__
  if (unit == kLargePage) madvise(memory.get(), size, MADV_HUGEPAGE);  // a wish: without them it works as well
#endif
  return memory;
}

}  // namespace cairn::core
