// What a home goes through in the tests of faults and of power cuts: made, trained in, retention, a pin, a delete, an
// undelete, an emptied trash, a backup, a clean end. In steps, each of which can be taken again after it failed, as the
// program or a person would. For one thread.
#pragma once

#include <QString>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/recorder.h"
#include "storage/run_lock.h"
#include "storage_fixture.h"

namespace cairn::tests {

/// Tells at once of each checkpoint that is reported saved.
class SavedSink : public core::EventSink {
 public:
  std::function<void(const std::string& id)> saved;
  void post(const core::Event& event) override {
    if (const auto* stored = std::get_if<core::CheckpointStored>(&event); stored && saved) saved(stored->record.id);
  }
};

class Story {
 public:
  struct Step {
    const char* name;
    std::function<void()> take;
  };
  /// What must be so once a step was taken.
  struct Truth {
    std::map<std::string, core::CheckpointState> checkpoints;
    std::size_t losses = 0;  ///< on record
  };

  Story(storage::Home home, storage::FileSystem& files) : home_(std::move(home)), files_(files) {}

  std::vector<Step> steps();
  /// As the catalog has it; nothing before it was opened, and after the end.
  Truth truth();
  const storage::Home& home() const { return home_; }
  const core::RunRecord& run() const { return run_; }
  SavedSink& sink() { return sink_; }
  static constexpr int kCheckpoints = 5;
  static constexpr int kStepsEach = 10;

 private:
  void recordAndFlush(int number);
  void deleteOldest();
  void undelete();
  const std::string& oldestReady();

  storage::Home home_;
  storage::FileSystem& files_;
  SavedSink sink_;
  core::RunRecord run_ = smallRun();
  std::optional<storage::Catalog> catalog_;
  std::unique_ptr<storage::FileLock> lock_;
  std::unique_ptr<storage::Recorder> recorder_;
  int posted_ = 0;
  bool runMade_ = false, ended_ = false;
  std::string deleted_;
};

/// What of `truth` does not hold in a home after start-up recovery, whose checkpoints and metrics may also be as in
/// `next` already; "" if all does. `reported` are ids that were reported saved.
QString violation(const storage::Home& home, storage::FileSystem& files, const Story::Truth& truth, const Story::Truth& next,
                  const std::vector<std::string>& reported, const std::string& run);

}  // namespace cairn::tests
