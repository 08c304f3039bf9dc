// The system calls by which storage, SQLite and the C++ library change files, passing through the test: it defines them
// in its own program, so that nothing that writes can go by. Below the watched folder each is told, and can be made to fail.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace cairn::tests {

enum class Call { Open, Write, Sync, SyncFolder, Rename, Unlink, MakeFolder, Truncate, Allocate, Close };
inline constexpr Call kAllCalls[] = {Call::Open,   Call::Write,      Call::Sync,     Call::SyncFolder, Call::Rename,
                                     Call::Unlink, Call::MakeFolder, Call::Truncate, Call::Allocate,   Call::Close};
const char* nameOf(Call call);

struct SystemCall {
  Call call = Call::Open;
  std::string path;  ///< of a descriptor: as it was opened
  std::string to;    ///< Rename
  int descriptor = -1;
  bool created = false;               ///< Open: the file was not there before
  std::uint64_t at = 0;               ///< Write
  std::span<const std::byte> data{};  ///< Write
  std::uint64_t size = 0;             ///< Truncate, Allocate
};

/// Told of each call on a file below a folder; on whichever thread makes it, one at a time.
class SystemCallWatcher {
 public:
  virtual ~SystemCallWatcher() = default;
  /// 0, or the errno with which the call fails instead. A write may be shortened.
  virtual int before(const SystemCall&, std::size_t& /*count*/) { return 0; }
  virtual void after(const SystemCall&) {}
};

/// Watches while it lives; one at a time in a process.
class WatchedCalls {
 public:
  WatchedCalls(const std::filesystem::path& folder, SystemCallWatcher& watcher);
  ~WatchedCalls();
  WatchedCalls(const WatchedCalls&) = delete;
  WatchedCalls& operator=(const WatchedCalls&) = delete;
};

}  // namespace cairn::tests
