#include "system_calls.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <map>
#include <mutex>
#include <string_view>

namespace cairn::tests {

namespace {

struct Descriptors {
  struct File {
    std::string path;
    bool folder = false;
  };
  std::mutex mutex;  // guards all below
  std::map<int, File> open;
  std::string folder;
  SystemCallWatcher* watcher = nullptr;
};

Descriptors& descriptors() {
  static auto* all = new Descriptors;  // calls come until the process ends
  return *all;
}
std::atomic<bool> watching{false};

/// The folder itself, too.
bool isBelow(const char* path) {
  const auto& folder = descriptors().folder;
  return path && std::string_view(path).starts_with(folder) && (path[folder.size()] == '\0' || path[folder.size()] == '/');
}

long failWith(int code) {
  errno = code;
  return -1;
}

/// Tells the watcher of `what`, and does `real` between, with as many bytes as it left of `count`.
template <typename Real>
long pass(SystemCall& what, std::size_t count, Real real) {
  auto* watcher = descriptors().watcher;
  if (!watcher) return real(count);
  if (const int code = watcher->before(what, count); code != 0) return failWith(code);
  const long result = real(count);
  if (result < 0) return result;
  const int kept = errno;
  if (what.call == Call::Write) what.data = what.data.first(static_cast<std::size_t>(result));
  if (what.call == Call::Open) what.descriptor = static_cast<int>(result);
  watcher->after(what);
  errno = kept;
  return result;
}

/// A call on a descriptor that is watched, or else `real` as it is.
template <typename Real>
long onDescriptor(Call call, int descriptor, Real real, std::size_t count = 0, SystemCall what = {}) {
  if (!watching) return real(count);
  const std::lock_guard lock(descriptors().mutex);
  const auto file = descriptors().open.find(descriptor);
  if (file == descriptors().open.end()) return real(count);
  what.call = call == Call::Sync && file->second.folder ? Call::SyncFolder : call;
  what.path = file->second.path;
  what.descriptor = descriptor;
  return pass(what, count, real);
}

template <typename Real>
long onPath(Call call, const char* path, Real real, const char* to = nullptr) {
  if (!watching) return real(0);
  const std::lock_guard lock(descriptors().mutex);
  if (!isBelow(path)) return real(0);
  SystemCall what{.call = call, .path = path, .to = to ? to : ""};
  return pass(what, 0, real);
}

int openFile(const char* path, int flags, unsigned mode) {
  const auto real = [&](std::size_t) { return ::syscall(SYS_openat, AT_FDCWD, path, flags, mode); };
  if (!watching) return static_cast<int>(real(0));
  const std::lock_guard lock(descriptors().mutex);
  if (!isBelow(path)) return static_cast<int>(real(0));
  struct stat status {};
  const bool there = ::lstat(path, &status) == 0;
  SystemCall what{.call = Call::Open, .path = path, .created = !there && (flags & O_CREAT) != 0};
  const auto descriptor = static_cast<int>(pass(what, 0, real));
  if (descriptor >= 0) descriptors().open[descriptor] = {path, there && S_ISDIR(status.st_mode)};
  return descriptor;
}

int closeFile(int descriptor) {
  const auto real = [&](std::size_t) { return ::syscall(SYS_close, descriptor); };
  if (!watching) return static_cast<int>(real(0));
  const auto result = onDescriptor(Call::Close, descriptor, real);
  const int kept = errno;
  const std::lock_guard lock(descriptors().mutex);
  // Linux frees it whatever close returns.
  if (descriptors().open.erase(descriptor) > 0 && result < 0) real(0);
  errno = kept;
  return static_cast<int>(result);
}

ssize_t writeFile(int descriptor, const void* data, std::size_t count, off_t at) {
  SystemCall what{.at = static_cast<std::uint64_t>(at), .data = {static_cast<const std::byte*>(data), count}};
  return onDescriptor(
      Call::Write, descriptor, [&](std::size_t some) { return ::syscall(SYS_pwrite64, descriptor, data, some, at); }, count, what);
}

int syncFile(int descriptor, long call) {
  return static_cast<int>(onDescriptor(Call::Sync, descriptor, [&](std::size_t) { return ::syscall(call, descriptor); }));
}

int truncateFile(int descriptor, off_t size) {
  return static_cast<int>(onDescriptor(
      Call::Truncate, descriptor, [&](std::size_t) { return ::syscall(SYS_ftruncate, descriptor, size); }, 0,
      {.size = static_cast<std::uint64_t>(size)}));
}

int allocateFile(int descriptor, int mode, off_t at, off_t size) {
  return static_cast<int>(onDescriptor(
      Call::Allocate, descriptor, [&](std::size_t) { return ::syscall(SYS_fallocate, descriptor, mode, at, size); }, 0,
      {.size = static_cast<std::uint64_t>(at + size)}));
}

int renameFile(const char* from, const char* to, unsigned flags) {
  return static_cast<int>(
      onPath(Call::Rename, from, [&](std::size_t) { return ::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags); }, to));
}

int unlinkFile(const char* path) {
  return static_cast<int>(onPath(Call::Unlink, path, [&](std::size_t) { return ::syscall(SYS_unlinkat, AT_FDCWD, path, 0); }));
}

unsigned modeOf(int flags, va_list arguments) { return (flags & O_CREAT) != 0 ? va_arg(arguments, unsigned) : 0; }

}  // namespace

const char* nameOf(Call call) {
  constexpr const char* kNames[] = {"open",   "write",  "fdatasync", "fsync of the folder", "rename",
                                    "unlink", "mkdir",  "ftruncate", "fallocate",           "close"};
  return kNames[static_cast<int>(call)];
}

WatchedCalls::WatchedCalls(const std::filesystem::path& folder, SystemCallWatcher& watcher) {
  const std::lock_guard lock(descriptors().mutex);
  descriptors().folder = folder.string();
  descriptors().watcher = &watcher;
  watching = true;
}

WatchedCalls::~WatchedCalls() {
  const std::lock_guard lock(descriptors().mutex);
  watching = false;
  descriptors().watcher = nullptr;
  descriptors().open.clear();
}

}  // namespace cairn::tests

// The program's own, which every library that it is linked with then calls. noexcept where the C library's are.
extern "C" {

using namespace cairn::tests;

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const auto mode = modeOf(flags, arguments);
  va_end(arguments);
  return openFile(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const auto mode = modeOf(flags, arguments);
  va_end(arguments);
  return openFile(path, flags, mode);
}
int close(int descriptor) { return closeFile(descriptor); }
ssize_t pwrite(int descriptor, const void* data, size_t count, off_t at) { return writeFile(descriptor, data, count, at); }
ssize_t pwrite64(int descriptor, const void* data, size_t count, off64_t at) { return writeFile(descriptor, data, count, at); }
int fsync(int descriptor) { return syncFile(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return syncFile(descriptor, SYS_fdatasync); }
int ftruncate(int descriptor, off_t size) noexcept { return truncateFile(descriptor, size); }
int ftruncate64(int descriptor, off64_t size) noexcept { return truncateFile(descriptor, size); }
int fallocate(int descriptor, int mode, off_t at, off_t size) { return allocateFile(descriptor, mode, at, size); }
int fallocate64(int descriptor, int mode, off64_t at, off64_t size) { return allocateFile(descriptor, mode, at, size); }
int rename(const char* from, const char* to) noexcept { return renameFile(from, to, 0); }
int renameat2(int fromFolder, const char* from, int toFolder, const char* to, unsigned flags) noexcept {
  if (fromFolder == AT_FDCWD && toFolder == AT_FDCWD) return renameFile(from, to, flags);
  return static_cast<int>(::syscall(SYS_renameat2, fromFolder, from, toFolder, to, flags));
}
int unlink(const char* path) noexcept { return unlinkFile(path); }
int mkdir(const char* path, mode_t mode) noexcept {
  return static_cast<int>(onPath(Call::MakeFolder, path, [&](std::size_t) { return ::syscall(SYS_mkdirat, AT_FDCWD, path, mode); }));
}
}
