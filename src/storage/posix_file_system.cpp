#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/error.h"
#include "storage/posix_files.h"

namespace cairn::storage {

namespace fs = std::filesystem;

namespace {

// statfs(2): NFS, SMB, CIFS, SMB2, Ceph, AFS, Coda, 9P; FUSE too, as sshfs cannot be told from the rest.
constexpr std::array<std::uint32_t, 9> kNetworkMagics = {0x6969,     0x517B,     0xFF534D42, 0xFE534D42, 0x00C36400,
                                                         0x5346414F, 0x73757245, 0x01021997, 0x65735546};

/// `path`, or the nearest folder above it that is there.
fs::path nearestExisting(fs::path path) {
  std::error_code ignored;
  while (!fs::exists(path, ignored) && path.has_relative_path()) path = path.parent_path();
  return path.empty() ? fs::path(".") : path;
}

fs::path parentOf(const fs::path& path) {
  const auto parent = path.parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

class PosixFileSystem : public FileSystem {
 public:
  std::unique_ptr<WritableFile> createNew(const fs::path& path, std::uint64_t sizeHint) override {
    return createPosixFile(path, sizeHint);
  }
  std::unique_ptr<ReadableFile> open(const fs::path& path) override { return openPosixFile(path); }
  std::unique_ptr<FileLock> tryLock(const fs::path& path) override { return tryPosixLock(path); }
  bool isLocked(const fs::path& path) override { return isPosixLocked(path); }

  void renameNew(const fs::path& from, const fs::path& to) override {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return;
    if (errno == EINVAL || errno == ENOSYS) {  // a file system without the flag: link(2) does not replace either
      if (::link(from.c_str(), to.c_str()) == 0) return unlink(from);
    }
    throw Error::system("rename " + from.filename().string() + " to it", to.string(), errno);
  }

  void unlink(const fs::path& path) override {
    if (::unlink(path.c_str()) != 0) throw Error::system("remove the file", path.string(), errno);
  }

  void makeFolders(const fs::path& path) override {
    std::error_code ignored;
    if (path.empty() || fs::is_directory(path, ignored)) return;
    makeFolders(parentOf(path));
    if (::mkdir(path.c_str(), 0755) != 0 && !(errno == EEXIST && fs::is_directory(path, ignored)))
      throw Error::system("make the folder", path.string(), errno);
    syncFolder(parentOf(path));
  }

  void syncFolder(const fs::path& path) override {
    const auto folder = openDescriptor(path, O_RDONLY | O_DIRECTORY);
    if (!folder.valid()) throw Error::system("open the folder", path.string(), errno);
    if (::fsync(folder.get()) != 0) throw Error::system("bring the folder to disk", path.string(), errno);
  }

  bool exists(const fs::path& path) override {
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0) return true;
    if (errno == ENOENT || errno == ENOTDIR) return false;
    throw Error::system("look for the file", path.string(), errno);
  }

  std::vector<std::string> list(const fs::path& folder) override {
    std::vector<std::string> names;
    if (!exists(folder)) return names;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
      names.push_back(entry->path().filename().string());
    if (error) throw Error::system("list the folder", folder.string(), error.value());
    std::sort(names.begin(), names.end());
    return names;
  }

  std::uint64_t freeBytes(const fs::path& path) override {
    struct statvfs status {};
    const auto folder = nearestExisting(path);
    if (::statvfs(folder.c_str(), &status) != 0) throw Error::system("ask for free room", folder.string(), errno);
    return std::uint64_t{status.f_bavail} * status.f_frsize;
  }

  bool isNetworkFileSystem(const fs::path& path) override {
    struct statfs status {};
    const auto folder = nearestExisting(path);
    if (::statfs(folder.c_str(), &status) != 0) throw Error::system("ask for the file system", folder.string(), errno);
    const auto magic = static_cast<std::uint32_t>(status.f_type);
    return std::find(kNetworkMagics.begin(), kNetworkMagics.end(), magic) != kNetworkMagics.end();
  }
};

}  // namespace

void replacePosixFile(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) throw Error::system("put the file there", to.string(), errno);
}

FileSystem& FileSystem::posix() {
  static PosixFileSystem files;
  return files;
}

}  // namespace cairn::storage
