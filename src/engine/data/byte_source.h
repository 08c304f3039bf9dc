// A file's bytes from front to back, unpacked if it is gzip, hashed on the way. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/progress.h"

namespace cairn::engine {

class ByteSource {
 public:
  /// Opens `path`; gzip is told by its first bytes, and demanded of a name that ends in ".gz". Throws Error.
  ByteSource(std::string path, core::Progress progress);
  ~ByteSource();

  /// Fills up to `size` bytes at `into`; less only at the end, where it returns what was left, then 0. Reports
  /// progress in bytes of the file. Throws Error if the file cannot be read, is a damaged gzip, or on cancel. Blocks.
  std::size_t read(void* into, std::size_t size);

  const std::string& path() const;
  std::int64_t fileSize() const;  ///< on disk, packed or not
  bool packed() const;
  /// XXH3-128 of all that was read so far, unpacked: 32 hex digits.
  std::string digest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// XXH3-128 of `text`: 32 hex digits.
std::string digestOf(const std::string& text);

}  // namespace cairn::engine
