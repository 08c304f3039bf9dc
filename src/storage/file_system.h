// The one seam between storage and the operating system: every open, write, sync, rename and unlink passes here, so
// that tests can make each fail, record it, or cut the power after it. What is POSIX or Linux alone stays behind it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::storage {

/// A file being written, from its start to its end. Not thread-safe. The destructor closes and keeps quiet.
class WritableFile {
 public:
  virtual ~WritableFile() = default;
  /// Appends all of `data` (short writes and EINTR are continued). Blocks. Throws Error.
  virtual void append(std::span<const std::byte> data) = 0;
  /// fdatasync. After a failure the file must not be synced again: unlink it and write a new one. Blocks.
  virtual void sync() = 0;
  /// Throws Error if the kernel reports a late write error.
  virtual void close() = 0;
};

/// A file opened for reading at any offset. Thread-safe.
class ReadableFile {
 public:
  virtual ~ReadableFile() = default;
  virtual std::uint64_t size() const = 0;
  /// Fills all of `into` or throws Error (also when the file ends before). Blocks.
  virtual void read(std::uint64_t offset, std::span<std::byte> into) const = 0;
};

/// A lock on a file that the kernel frees however the process dies.
class FileLock {
 public:
  virtual ~FileLock() = default;
  /// Writes into the lock file who holds it, for whoever is refused. Never fails: a full disk must keep nobody from the lock.
  virtual void say(std::string_view) {}
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;
  /// O_CREAT | O_EXCL, with `sizeHint` bytes preallocated where the file system can.
  virtual std::unique_ptr<WritableFile> createNew(const std::filesystem::path& path, std::uint64_t sizeHint) = 0;
  virtual std::unique_ptr<ReadableFile> open(const std::filesystem::path& path) = 0;
  /// renameat2(RENAME_NOREPLACE): fails with EEXIST if `to` exists.
  virtual void renameNew(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  virtual void unlink(const std::filesystem::path& path) = 0;
  /// Makes the folder and its missing parents, and fsyncs each new one's parent.
  virtual void makeFolders(const std::filesystem::path& path) = 0;
  virtual void syncFolder(const std::filesystem::path& path) = 0;
  virtual bool exists(const std::filesystem::path& path) = 0;
  virtual std::vector<std::string> list(const std::filesystem::path& folder) = 0;  ///< names; empty if no folder
  virtual std::uint64_t freeBytes(const std::filesystem::path& path) = 0;
  /// flock, O_CLOEXEC. Null if another process or another FileLock holds it.
  virtual std::unique_ptr<FileLock> tryLock(const std::filesystem::path& path) = 0;
  /// Whether somebody holds the lock; takes none for longer than the look.
  virtual bool isLocked(const std::filesystem::path& path) = 0;
  virtual bool isNetworkFileSystem(const std::filesystem::path& path) = 0;

  static FileSystem& posix();  ///< the real one; thread-safe
};

}  // namespace cairn::storage
