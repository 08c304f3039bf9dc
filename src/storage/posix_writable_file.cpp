#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <future>
#include <memory>

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

constexpr std::size_t kBuffers = 3;  // of a large file: one is filled while two are being written

/// Gathers what is appended in aligned buffers; O_DIRECT where the file system takes it. A large file's full buffers are
/// written behind, so that hashing and copying go on while the disk works; a failure is thrown by a later call.
class PosixWritableFile : public WritableFile {
 public:
  PosixWritableFile(std::filesystem::path path, std::uint64_t sizeHint);
  void append(std::span<const std::byte> data) override;
  void sync() override;
  void close() override;

 private:
  struct Buffer {
    std::unique_ptr<std::byte, FreeBuffer> memory;
    std::future<void> writing;  ///< valid while it is being written behind; goes before the memory, and waits as it goes
  };

  void preallocate();
  void writeBehind();
  void settle();
  void flush();
  void write(std::span<const std::byte> data, std::uint64_t at);
  void stopDirect();
  std::byte* filling() { return buffers_[current_].memory.get(); }
  [[noreturn]] void fail(const char* action, int code) const { throw Error::system(action, path_.string(), code); }

  std::filesystem::path path_;
  std::uint64_t sizeHint_;
  Descriptor file_;
  std::atomic<bool> direct_ = false;  ///< a write behind may find that the file system does not take it
  std::array<Buffer, kBuffers> buffers_;
  std::size_t current_ = 0;    ///< the buffer being filled
  std::size_t filled_ = 0;     ///< bytes in it
  std::uint64_t written_ = 0;  ///< where it goes in the file
};

std::byte* newBuffer() {
  auto* memory = static_cast<std::byte*>(std::aligned_alloc(kBlock, kBuffer));
  if (!memory) throw std::bad_alloc();
  return memory;
}

PosixWritableFile::PosixWritableFile(std::filesystem::path path, std::uint64_t sizeHint)
    : path_(std::move(path)), sizeHint_(sizeHint) {
  buffers_[0].memory.reset(newBuffer());
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
    std::memcpy(filling() + filled_, data.data(), count);
    filled_ += count;
    data = data.subspan(count);
    if (filled_ == kBuffer) writeBehind();
  }
}

/// Hands the full buffer over and goes on with the next one, once that has been written.
void PosixWritableFile::writeBehind() {
  if (!direct_) return flush();  // the kernel's cache takes it at the speed of memory
  buffers_[current_].writing = std::async(std::launch::async, [this, data = std::span(filling(), kBuffer), at = written_] {
    write(data, at);
  });
  written_ += kBuffer;
  filled_ = 0;
  current_ = (current_ + 1) % kBuffers;
  auto& next = buffers_[current_];
  if (next.writing.valid()) next.writing.get();
  if (!next.memory) next.memory.reset(newBuffer());
}

/// Waits for what is being written behind; throws its failure.
void PosixWritableFile::settle() {
  for (auto& buffer : buffers_)
    if (buffer.writing.valid()) buffer.writing.get();
}

void PosixWritableFile::flush() {
  settle();
  const std::size_t whole = direct_ ? filled_ / kBlock * kBlock : filled_;
  write({filling(), whole}, written_);
  if (whole < filled_) {
    stopDirect();  // the last block of the file is not whole
    write({filling() + whole, filled_ - whole}, written_ + whole);
  }
  written_ += filled_;
  filled_ = 0;
}

void PosixWritableFile::write(std::span<const std::byte> data, std::uint64_t at) {
  while (!data.empty()) {
    const bool direct = direct_;  // as it was asked: another write may find out first
    const auto count = ::pwrite(file_.get(), data.data(), data.size(), static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EINVAL && direct) {  // a file system that takes the flag and not the write
      stopDirect();
      continue;
    }
    if (count < 0) fail("write the file", errno);
    if (count == 0) fail("write the file", ENOSPC);
    at += static_cast<std::uint64_t>(count);
    data = data.subspan(static_cast<std::size_t>(count));
    if (direct && count % kBlock != 0) stopDirect();
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
