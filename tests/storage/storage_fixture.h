// What the storage tests share: a home in a folder that goes with the test, a run in it, a small checkpoint state, and
// a file system that records what it is asked and fails when told to.
#pragma once

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/catalog.h"
#include "storage/recorder.h"
#include "support/thrown.h"

namespace cairn::tests {

/// Where QTemporaryDir makes folders in memory, for tests of many files; where there is no such place, on disk.
inline QString fastFolder() {
  return (QFileInfo("/dev/shm").isWritable() ? QString("/dev/shm") : QDir::tempPath()) + "/cairn-XXXXXX";
}

inline core::RunSpec smallSpec() {
  const auto json = nlohmann::json::parse(R"({"name": "digits", "loss": "CrossEntropyLoss", "model": {"type": "MLP"},
      "data": {"format": "csv", "path": "digits.csv", "target": "digit", "validation_fraction": 0.2},
      "checkpoints": {"keep_last": 2, "keep_best": 1}})");
  return core::parseRunSpec(json, "/data");
}

inline core::RunRecord smallRun(const std::string& name = "digits") {
  core::RunRecord run;
  run.id = core::newId();
  run.name = name;
  run.spec = smallSpec();
  return run;
}

inline core::CheckpointRecord smallCheckpoint(const core::RunRecord& run, std::int64_t step) {
  core::CheckpointRecord record;
  record.id = core::newId();
  record.run = run.id;
  record.step = step;
  record.epoch = step / 10;
  record.loss = 0.5;
  record.roles = {"periodic"};
  record.createdAt = core::nowIso8601();
  return record;
}

inline std::shared_ptr<const core::StateTree> smallState(const core::CheckpointRecord& record, float weight = 1.5f) {
  auto tree = core::StateTree::dict();
  tree.set("epoch", record.epoch);
  tree.set("step", record.step);
  tree.set("loss", record.loss.value_or(0));
  auto model = core::StateTree::stateDict();
  model.set("0.weight", core::Tensor::copyOf(core::DType::Float32, {1}, std::as_bytes(std::span(&weight, 1))));
  tree.set("model_state_dict", std::move(model));
  auto cairn = core::StateTree::dict();
  cairn.set("run", record.run);
  cairn.set("checkpoint", record.id);
  cairn.set("kind", std::string(core::toText(record.kind)));
  cairn.set("name", std::string("digits"));
  cairn.set("created_at", record.createdAt);
  cairn.set("spec", core::toJson(smallSpec()).dump());
  tree.set("cairn", std::move(cairn));
  return std::make_shared<core::StateTree>(std::move(tree));
}

/// Passes on to the real one. Thread-safe.
class WatchedFiles : public storage::FileSystem {
 public:
  std::atomic<bool> full{false};  ///< as a full disk: no file can be made
  std::function<void(const std::filesystem::path&)> afterRename;

  std::vector<std::string> done() {
    const std::lock_guard lock(mutex_);
    return done_;
  }
  std::unique_ptr<storage::WritableFile> createNew(const std::filesystem::path& path, std::uint64_t size) override {
    if (full) throw Error::system("write", path.string(), ENOSPC, "make room on the disk");
    note("create " + path.filename().string());
    return real_.createNew(path, size);
  }
  std::unique_ptr<storage::ReadableFile> open(const std::filesystem::path& path) override { return real_.open(path); }
  void renameNew(const std::filesystem::path& from, const std::filesystem::path& to) override {
    real_.renameNew(from, to);
    note("rename " + to.filename().string());
    if (afterRename) afterRename(to);
  }
  void unlink(const std::filesystem::path& path) override {
    note("unlink " + path.filename().string());
    real_.unlink(path);
  }
  void makeFolders(const std::filesystem::path& path) override { real_.makeFolders(path); }
  void syncFolder(const std::filesystem::path& path) override { real_.syncFolder(path); }
  bool exists(const std::filesystem::path& path) override { return real_.exists(path); }
  std::vector<std::string> list(const std::filesystem::path& folder) override { return real_.list(folder); }
  std::uint64_t freeBytes(const std::filesystem::path& path) override { return real_.freeBytes(path); }
  std::unique_ptr<storage::FileLock> tryLock(const std::filesystem::path& path) override { return real_.tryLock(path); }
  bool isLocked(const std::filesystem::path& path) override { return real_.isLocked(path); }
  bool isNetworkFileSystem(const std::filesystem::path&) override { return network; }

  bool network = false;

 private:
  void note(const std::string& what) {
    const std::lock_guard lock(mutex_);
    done_.push_back(what);
  }
  storage::FileSystem& real_ = storage::FileSystem::posix();
  std::mutex mutex_;
  std::vector<std::string> done_;  // guarded by mutex_
};

/// Keeps what was posted. Thread-safe.
class KeptEvents : public core::EventSink {
 public:
  void post(const core::Event& event) override {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
  }
  template <typename T>
  std::vector<T> all() {
    const std::lock_guard lock(mutex_);
    std::vector<T> found;
    for (const auto& event : events_)
      if (const auto* one = std::get_if<T>(&event)) found.push_back(*one);
    return found;
  }

 private:
  std::mutex mutex_;
  std::vector<core::Event> events_;  // guarded by mutex_
};

}  // namespace cairn::tests
