#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "storage/posix_files.h"

namespace cairn::storage {

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

int Descriptor::release() { return std::exchange(fd_, -1); }

Descriptor openDescriptor(const std::filesystem::path& path, int flags, int mode) {
  int fd = -1;
  do fd = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  while (fd < 0 && errno == EINTR);
  return Descriptor(fd);
}

}  // namespace cairn::storage
