#include "storage/byte_source.h"

#include <utility>

#include "core/large_memory.h"

namespace cairn::storage {

OwnedBytes<std::byte> allocateBytes(std::size_t size) {
  auto memory = core::allocateLarge(size);
  auto* start = memory.get();
  return {{start, size}, std::shared_ptr<std::byte>(std::move(memory))};
}

Bytes FileSource::fetch(std::uint64_t offset, std::size_t size) const {
  const auto bytes = allocateBytes(size);
  file_.read(offset, bytes.view);
  return {bytes.view, bytes.owner};
}

Bytes MemorySource::fetch(std::uint64_t offset, std::size_t size) const {
  return {bytes_.view.subspan(offset, size), bytes_.owner};
}

}  // namespace cairn::storage
