// A disk that loses power: the file-changing calls of a story on record, and every state of the disk that a cut after any
// of them could leave, since what was not synced may be there or not, in part, or in another order. For one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "system_calls.h"

namespace cairn::tests {

/// Files by their path below the watched folder, with their contents; folders with none.
struct DiskState {
  std::map<std::string, std::shared_ptr<const std::vector<std::byte>>> files;
  std::vector<std::string> folders;
  std::string how;  ///< which of the possible states it is

  std::uint64_t digest() const;
  void writeTo(const std::filesystem::path& folder) const;
};

/// One call on record.
struct DiskChange {
  Call call = Call::Open;
  std::string path, to;  // below the watched folder
  int file = 0;          ///< which file, whatever it is called by now; 0: none
  std::uint64_t at = 0, size = 0;
  std::vector<std::byte> data;
};

/// Records. What a process shares by memory (SQLite's -shm) is no part of the disk.
class DiskRecord : public SystemCallWatcher {
 public:
  explicit DiskRecord(const std::filesystem::path& folder) : root_(folder.string() + "/") {}
  void after(const SystemCall& call) override;
  /// How many calls there were so far. Thread-safe only as the watcher is.
  std::size_t size() const { return changes_.size(); }
  const std::vector<DiskChange>& changes() const { return changes_; }

 private:
  std::string below(const std::string& path) const { return path.size() < root_.size() ? "" : path.substr(root_.size()); }
  std::string root_;
  std::vector<DiskChange> changes_;
  std::map<int, int> fileOf_;             // by descriptor
  std::map<std::string, int> named_;      // by path
  int files_ = 0;
};

/// The disk while the changes are replayed.
class PowerLossDisk {
 public:
  void apply(const DiskChange& change);
  /// What a cut now could leave. The same `seed` gives the same ones.
  std::vector<DiskState> statesNow(std::uint64_t seed) const;

 private:
  using Bytes = std::vector<std::byte>;
  struct File {
    std::shared_ptr<const Bytes> synced = std::make_shared<Bytes>();
    std::vector<const DiskChange*> unsynced;  // writes and truncations
  };
  struct NameChange {
    enum Kind { Add, Remove, Move, Folder } kind;
    std::string path, to;
    int file = 0;
  };
  struct Names {
    std::map<std::string, int> files;
    std::vector<std::string> folders;
    void apply(const NameChange& change);
  };
  using Chooses = std::function<std::shared_ptr<const Bytes>(const File&)>;
  DiskState stateOf(const std::string& how, const Names& names, const Chooses& contents) const;
  Names allNames() const;
  void syncFolder(const std::string& folder);

  std::map<int, File> files_;
  Names synced_;
  std::vector<NameChange> unsyncedNames_;
};

}  // namespace cairn::tests
