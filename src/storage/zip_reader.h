// The entries of a zip file, each proved to lie within the file, stored, and apart from the others.
// Immutable once made; thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/byte_source.h"

namespace cairn::storage {

class ZipReader {
 public:
  struct Entry {
    std::string name;
    std::uint64_t headerOffset = 0;
    std::uint64_t dataOffset = 0;
    std::uint64_t size = 0;
    std::uint32_t crc = 0;
  };

  /// Reads the directory and every entry's header. Keeps `source` by reference. Throws Error naming it.
  explicit ZipReader(const ByteSource& source);

  const std::vector<Entry>& entries() const { return entries_; }
  const Entry* find(std::string_view name) const;
  /// The whole payload, its CRC checked.
  Bytes read(const Entry& entry) const;
  /// Checks the CRC in pieces, keeping nothing.
  void check(const Entry& entry) const;
  const ByteSource& source() const { return source_; }

 private:
  struct Directory {
    std::uint64_t offset = 0, size = 0, count = 0;
  };
  Directory findDirectory() const;
  Directory zip64Directory(std::uint64_t end) const;
  void readDirectory(const Directory& directory);
  std::size_t readCentral(std::span<const std::byte> bytes);
  void readWide(Entry& entry, std::uint64_t size32, std::uint64_t stored32, std::uint64_t offset32,
                std::span<const std::byte> extra) const;
  void locate(Entry& entry, std::uint64_t limit) const;
  void requireApart() const;
  void compareCrc(const Entry& entry, std::uint32_t crc) const;
  [[noreturn]] void fail(const std::string& why) const;
  [[noreturn]] void failEntry(const Entry& entry, const std::string& why) const;

  const ByteSource& source_;
  std::vector<Entry> entries_;
  std::unordered_map<std::string_view, std::size_t> byName_;  ///< views into entries_
};

}  // namespace cairn::storage
