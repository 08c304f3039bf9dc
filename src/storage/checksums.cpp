#include "storage/checksums.h"

#include <new>

#include <fmt/format.h>
#include <libdeflate.h>
#include <xxhash.h>

namespace cairn::storage {

std::uint32_t crc32(std::span<const std::byte> data, std::uint32_t before) {
  return libdeflate_crc32(before, data.data(), data.size());
}

struct Hash128::State {
  XXH3_state_t* state = XXH3_createState();
  ~State() { XXH3_freeState(state); }
};

Hash128::Hash128() : state_(std::make_unique<State>()) {
  if (!state_->state) throw std::bad_alloc();
  XXH3_128bits_reset(state_->state);
}

Hash128::~Hash128() = default;

void Hash128::add(std::span<const std::byte> data) { XXH3_128bits_update(state_->state, data.data(), data.size()); }

std::string Hash128::hex() const {
  XXH128_canonical_t bytes;
  XXH128_canonicalFromHash(&bytes, XXH3_128bits_digest(state_->state));
  std::string text;
  for (const auto byte : bytes.digest) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace cairn::storage
