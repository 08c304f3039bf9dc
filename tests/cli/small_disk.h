// A disk of a few megabytes that a test can fill, enlarge and make read-only: a tmpfs, where the test may mount one.
#pragma once

#include <sys/mount.h>

#include <QTemporaryDir>
#include <cerrno>
#include <cstring>
#include <string>

namespace cairn::tests {

class SmallDisk {
 public:
  explicit SmallDisk(const std::string& size) {
    mounted_ = ::mount("cairn-test", path().c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
    if (!mounted_) why_ = std::string("this user may not mount a tmpfs: ") + std::strerror(errno);
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path().c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  const char* why() const { return why_.c_str(); }
  std::string path() const { return folder_.path().toStdString(); }
  bool resize(const std::string& size) { return ::mount("cairn-test", path().c_str(), "tmpfs", MS_REMOUNT, ("size=" + size).c_str()) == 0; }
  bool makeReadOnly() { return ::mount("cairn-test", path().c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0; }

 private:
  QTemporaryDir folder_;
  bool mounted_ = false;
  std::string why_;
};

}  // namespace cairn::tests
