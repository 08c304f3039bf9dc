// Bytes that know who keeps them alive, and where a reader gets them from: a file, or one already in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "storage/file_system.h"

namespace cairn::storage {

template <typename Byte>
struct OwnedBytes {
  std::span<Byte> view;
  std::shared_ptr<const void> owner;
};
using Bytes = OwnedBytes<const std::byte>;

/// Not cleared; aligned to 64 bytes. Throws std::bad_alloc.
OwnedBytes<std::byte> allocateBytes(std::size_t size);

/// Thread-safe.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual const std::string& name() const = 0;  ///< for messages: the file's path
  virtual std::uint64_t size() const = 0;
  /// The range must lie within the source. Blocks. Throws Error.
  virtual Bytes fetch(std::uint64_t offset, std::size_t size) const = 0;
};

/// Reads each range into a buffer of its own.
class FileSource : public ByteSource {
 public:
  FileSource(std::string name, const ReadableFile& file) : name_(std::move(name)), file_(file) {}
  const std::string& name() const override { return name_; }
  std::uint64_t size() const override { return file_.size(); }
  Bytes fetch(std::uint64_t offset, std::size_t size) const override;

 private:
  std::string name_;
  const ReadableFile& file_;
};

/// Gives views into one buffer.
class MemorySource : public ByteSource {
 public:
  MemorySource(std::string name, Bytes bytes) : name_(std::move(name)), bytes_(std::move(bytes)) {}
  const std::string& name() const override { return name_; }
  std::uint64_t size() const override { return bytes_.view.size(); }
  Bytes fetch(std::uint64_t offset, std::size_t size) const override;

 private:
  std::string name_;
  Bytes bytes_;
};

}  // namespace cairn::storage
