#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "storage/posix_files.h"

namespace cairn::storage {

namespace {

class PosixReadableFile : public ReadableFile {
 public:
  explicit PosixReadableFile(std::filesystem::path path) : path_(std::move(path)) {
    // O_NONBLOCK: a named pipe must not hang us; regular files do not care.
    file_ = openDescriptor(path_, O_RDONLY | O_NONBLOCK);
    struct stat status {};
    if (!file_.valid() || ::fstat(file_.get(), &status) != 0) throw Error::system("open the file", path_.string(), errno);
    if (S_ISDIR(status.st_mode)) throw Error::system("open the file", path_.string(), EISDIR);
    if (!S_ISREG(status.st_mode)) throw Error(path_.string(), "is not a regular file");
    size_ = static_cast<std::uint64_t>(status.st_size);
  }

  std::uint64_t size() const override { return size_; }

  void read(std::uint64_t offset, std::span<std::byte> into) const override {
    while (!into.empty()) {
      const auto count = ::pread(file_.get(), into.data(), into.size(), static_cast<off_t>(offset));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw Error::system("read the file", path_.string(), errno);
      if (count == 0) throw Error(path_.string(), "ends before what it announces", "it was cut short: take another copy");
      offset += static_cast<std::uint64_t>(count);
      into = into.subspan(static_cast<std::size_t>(count));
    }
  }

 private:
  std::filesystem::path path_;
  Descriptor file_;
  std::uint64_t size_ = 0;
};

}  // namespace

std::unique_ptr<ReadableFile> openPosixFile(const std::filesystem::path& path) {
  return std::make_unique<PosixReadableFile>(path);
}

}  // namespace cairn::storage
