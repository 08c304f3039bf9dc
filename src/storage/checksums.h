// The two checksums of a checkpoint file: CRC-32 as zip wants it, XXH3-128 of the whole. Not thread-safe objects.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace cairn::storage {

/// CRC-32 of `data`, going on from `before`.
std::uint32_t crc32(std::span<const std::byte> data, std::uint32_t before = 0);

/// XXH3-128, fed in pieces.
class Hash128 {
 public:
  Hash128();
  ~Hash128();
  void add(std::span<const std::byte> data);
  std::string hex() const;  ///< 32 digits, in XXH128's canonical order

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cairn::storage
