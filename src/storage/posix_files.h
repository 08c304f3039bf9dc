// POSIX files behind the seam of file_system.h: the descriptor, the files written and read, the lock.
// Each object as its interface says.
#pragma once

#include <filesystem>
#include <memory>

#include "storage/file_system.h"

namespace cairn::storage {

/// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  int release();

 private:
  int fd_;
};

/// open(2) with O_CLOEXEC, EINTR continued; not valid on failure, with errno set.
Descriptor openDescriptor(const std::filesystem::path& path, int flags, int mode = 0644);

std::unique_ptr<WritableFile> createPosixFile(const std::filesystem::path& path, std::uint64_t sizeHint);
std::unique_ptr<ReadableFile> openPosixFile(const std::filesystem::path& path);
std::unique_ptr<FileLock> tryPosixLock(const std::filesystem::path& path);
bool isPosixLocked(const std::filesystem::path& path);
/// rename(2): `to` is replaced at once if it is there. For files that a person names: in a home nothing is replaced.
void replacePosixFile(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace cairn::storage
