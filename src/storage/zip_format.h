// The numbers of the zip format (PKWARE's APPNOTE 6.3) that the writer and the reader share, and little-endian fields.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>

namespace cairn::storage::zip {

inline constexpr std::uint32_t kLocalSignature = 0x04034b50;
inline constexpr std::uint32_t kCentralSignature = 0x02014b50;
inline constexpr std::uint32_t kEndSignature = 0x06054b50;
inline constexpr std::uint32_t kEnd64Signature = 0x06064b50;
inline constexpr std::uint32_t kEnd64LocatorSignature = 0x07064b50;

inline constexpr std::size_t kLocalSize = 30;    ///< without name and extra
inline constexpr std::size_t kCentralSize = 46;  ///< without name, extra and comment
inline constexpr std::size_t kEndSize = 22;      ///< without the comment
inline constexpr std::size_t kEnd64Size = 56;
inline constexpr std::size_t kEnd64LocatorSize = 20;

inline constexpr std::uint16_t kZip64Extra = 1;
inline constexpr std::uint32_t kIn64 = 0xFFFFFFFF;        ///< "see the zip64 field", 32 bits
inline constexpr std::uint16_t kIn64Short = 0xFFFF;       ///< the same, 16 bits
inline constexpr std::uint16_t kPlainVersion = 20, kZip64Version = 45;
inline constexpr std::uint16_t kUtf8Flag = 0x0800, kEncryptedFlags = 0x2041;
inline constexpr std::uint16_t kFirstDosDate = 0x0021;    ///< 1980-01-01: the layout knows no clock
inline constexpr std::uint64_t kAlignment = 64;           ///< of payloads, as PyTorch's own writer has it

/// Reads a little-endian field. `at` and its bytes must lie within `bytes`.
template <typename T>
T get(std::span<const std::byte> bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

template <typename T>
void put(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace cairn::storage::zip
