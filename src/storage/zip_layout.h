// Where every byte of a zip of stored entries stands, known before the first is written. Immutable once made.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace cairn::storage {

/// Entries in order, each payload aligned to 64 bytes by an "FB" extra field, as PyTorch's writer does; zip64 fields
/// only where a number reaches `zip64From`.
class ZipLayout {
 public:
  struct Entry {
    std::string name;
    std::uint64_t size = 0;
    std::uint64_t headerOffset = 0;
  };

  ZipLayout(std::vector<std::pair<std::string, std::uint64_t>> namesAndSizes, std::uint64_t zip64From);

  const std::vector<Entry>& entries() const { return entries_; }
  std::uint64_t size() const { return size_; }
  /// What stands before the entry's payload.
  std::string localHeader(std::size_t entry, std::uint32_t crc) const;
  /// What stands after the last payload: central directory and end records.
  std::string directory(const std::vector<std::uint32_t>& crcs) const;

 private:
  bool needs64(std::uint64_t value) const { return value >= zip64From_; }
  std::string centralHeader(const Entry& entry, std::uint32_t crc) const;
  std::string endRecords(std::uint64_t directorySize) const;

  std::uint64_t zip64From_;
  std::vector<Entry> entries_;
  std::uint64_t directoryOffset_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace cairn::storage
