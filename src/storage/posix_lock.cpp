#include <cerrno>
#include <chrono>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/error.h"
#include "storage/posix_files.h"

namespace cairn::storage {

namespace {

// isLocked holds a shared lock for an instant: who wants the lock looks again, so that a look is never taken for a holder.
constexpr int kAttempts = 5;
constexpr auto kBetweenAttempts = std::chrono::milliseconds(4);

class PosixLock : public FileLock {
 public:
  explicit PosixLock(Descriptor file) : file_(std::move(file)) {}

  void say(std::string_view text) override {
    if (::ftruncate(file_.get(), 0) != 0) return;
    [[maybe_unused]] const auto written = ::pwrite(file_.get(), text.data(), text.size(), 0);
  }

 private:
  Descriptor file_;
};

/// Whether the lock was taken; false if somebody holds it.
bool lock(const Descriptor& file, int operation, const std::filesystem::path& path) {
  while (::flock(file.get(), operation | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) throw Error::system("lock the file", path.string(), errno);
  }
  return true;
}

}  // namespace

std::unique_ptr<FileLock> tryPosixLock(const std::filesystem::path& path) {
  auto file = openDescriptor(path, O_RDWR | O_CREAT);
  if (!file.valid()) throw Error::system("open the lock file", path.string(), errno);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (attempt > 0) std::this_thread::sleep_for(kBetweenAttempts);
    if (lock(file, LOCK_EX, path)) return std::make_unique<PosixLock>(std::move(file));
  }
  return nullptr;
}

bool isPosixLocked(const std::filesystem::path& path) {
  const auto file = openDescriptor(path, O_RDONLY);
  if (!file.valid() && (errno == ENOENT || errno == ENOTDIR)) return false;
  if (!file.valid()) throw Error::system("open the lock file", path.string(), errno);
  return !lock(file, LOCK_SH, path);
}

}  // namespace cairn::storage
