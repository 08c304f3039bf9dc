#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "core/error.h"
#include "storage/posix_files.h"

namespace cairn::storage {

namespace {

constexpr std::size_t kBlock = 4096;             // what O_DIRECT wants of addresses, offsets and lengths
constexpr std::size_t kBuffer = 4u << 20;
constexpr std::uint64_t kDirectFrom = 4u << 20;  // smaller files gain nothing from O_DIRECT

struct FreeBuffer {
  void operator()(std::byte* buffer) const { std::free(buffer); }
};

/// Gathers what is appended in one aligned buffer; O_DIRECT where the file system takes it.
class PosixWritableFile : public WritableFile {
 public:
  PosixWritableFile(std::filesystem::path path, std::uint64_t sizeHint);
  void append(std::span<const std::byte> data) override;
  void sync() override;
  void close() override;

 private:
  void preallocate();
  void flush();
  void write(std::span<const std::byte> data);
  void stopDirect();
  [[noreturn]] void fail(const char* action, int code) const { throw Error::system(action, path_.string(), code); }

  std::filesystem::path path_;
  std::uint64_t sizeHint_;
  Descriptor file_;
  bool direct_ = false;
  std::unique_ptr<std::byte, FreeBuffer> buffer_;
  std::size_t filled_ = 0;
  std::uint64_t written_ = 0;
};

PosixWritableFile::PosixWritableFile(std::filesystem::path path, std::uint64_t sizeHint)
    : path_(std::move(path)), sizeHint_(sizeHint), buffer_(static_cast<std::byte*>(std::aligned_alloc(kBlock, kBuffer))) {
  if (!buffer_) throw std::bad_alloc();
  file_ = openDescriptor(path_, O_WRONLY | O_CREAT | O_EXCL);
  if (!file_.valid()) fail("create the file", errno);
  try {
    preallocate();
  } catch (...) {
    ::unlink(path_.c_str());  // made here, and nobody else would learn of it
    throw;
  }
  // Set afterwards, so that a file system without O_DIRECT (tmpfs) refuses the flag and not the file.
  direct_ = sizeHint_ >= kDirectFrom && ::fcntl(file_.get(), F_SETFL, O_DIRECT) == 0;
}

// fallocate and not posix_fallocate: the latter writes a byte a block where the file system cannot preallocate.
void PosixWritableFile::preallocate() {
  if (sizeHint_ == 0) return;
  while (::fallocate(file_.get(), 0, 0, static_cast<off_t>(sizeHint_)) != 0) {
    if (errno == EOPNOTSUPP || errno == ENOSYS) return;
    if (errno != EINTR) fail("reserve room for the file", errno);
  }
}

void PosixWritableFile::append(std::span<const std::byte> data) {
  while (!data.empty()) {
    const auto count = std::min(kBuffer - filled_, data.size());
    std::memcpy(buffer_.get() + filled_, data.data(), count);
    filled_ += count;
    data = data.subspan(count);
    if (filled_ == kBuffer) flush();
  }
}

void PosixWritableFile::flush() {
  const auto whole = direct_ ? filled_ / kBlock * kBlock : filled_;
  write({buffer_.get(), whole});
  if (whole < filled_) {
    stopDirect();  // the last block of the file is not whole
    write({buffer_.get() + whole, filled_ - whole});
  }
  filled_ = 0;
}

void PosixWritableFile::write(std::span<const std::byte> data) {
  while (!data.empty()) {
    const auto count = ::pwrite(file_.get(), data.data(), data.size(), static_cast<off_t>(written_));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EINVAL && direct_) {  // a file system that takes the flag and not the write
      stopDirect();
      continue;
    }
    if (count < 0) fail("write the file", errno);
    if (count == 0) fail("write the file", ENOSPC);
    written_ += static_cast<std::uint64_t>(count);
    data = data.subspan(static_cast<std::size_t>(count));
    if (direct_ && count % kBlock != 0) stopDirect();
  }
}

void PosixWritableFile::stopDirect() {
  if (::fcntl(file_.get(), F_SETFL, 0) != 0) fail("write the file", errno);
  direct_ = false;
}

void PosixWritableFile::sync() {
  flush();
  if (written_ < sizeHint_ && ::ftruncate(file_.get(), static_cast<off_t>(written_)) != 0) fail("shorten the file", errno);
  if (::fdatasync(file_.get()) != 0) fail("bring the file to disk", errno);
}

void PosixWritableFile::close() {
  flush();
  // Linux frees the descriptor whatever close returns: never a second close.
  if (::close(file_.release()) != 0 && errno != EINTR) fail("close the file", errno);
}

}  // namespace

std::unique_ptr<WritableFile> createPosixFile(const std::filesystem::path& path, std::uint64_t sizeHint) {
  return std::make_unique<PosixWritableFile>(path, sizeHint);
}

}  // namespace cairn::storage
