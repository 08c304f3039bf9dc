#include "storage/byte_source.h"

#include <algorithm>
#include <new>

namespace cairn::storage {

namespace {
constexpr std::align_val_t kAlignment{64};
}

OwnedBytes<std::byte> allocateBytes(std::size_t size) {
  auto* start = static_cast<std::byte*>(::operator new(std::max<std::size_t>(size, 1), kAlignment));
  return {{start, size}, std::shared_ptr<const void>(start, [](const void* memory) {
            ::operator delete(const_cast<void*>(memory), kAlignment);
          })};
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
