// What the recorder's thread does with each event: metrics gathered and committed, checkpoints made durable, statuses
// written. Everything that fails can be called again: nothing is taken as done before it is. For one thread.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "storage/catalog.h"
#include "storage/checkpoint_files.h"
#include "storage/monitor.h"
#include "storage/recorder.h"
#include "storage/repeated_steps.h"

namespace cairn::storage {

class RecorderStore {
 public:
  using Clock = std::chrono::steady_clock;
  using Announce = std::function<void(const core::Event&)>;
  RecorderStore(const Home& home, const RecorderOptions& options, FileSystem& files, Announce announce);

  /// Takes metrics and changes in; stores anything else, after what came before it. Throws Error: call again.
  void take(const core::Event& event, Clock::time_point postedAt);
  /// Makes durable what was taken in. Throws Error: call again.
  void commit();
  /// Whether lookAhead() is to be asked before the next checkpoint is taken.
  bool wantsLookAhead() const { return lookedAhead_ == 0; }
  /// The checkpoints that will be taken next, oldest first: those that retention would remove at once are then put on
  /// record as pruned and not written. Of each such look the last is written, so that the newest on disk follows
  /// training however fast it is. Throws Error: call again.
  void lookAhead(std::span<const core::CheckpointRecord* const> queued);
  bool commitIsDue(Clock::time_point now) const;
  std::optional<Clock::time_point> commitDueAt() const;  ///< none: nothing waits

 private:
  void takeChange(const core::RunEvent& event);
  void takeMetrics(const core::MetricsMeasured& measured);
  void followBest(std::span<const core::MetricPoint> points);
  void findBestLeft();
  void storeCheckpoint(const core::CheckpointTaken& taken, Clock::time_point postedAt);
  void skipCheckpoint(const core::CheckpointTaken& taken);
  bool keepIdenticalOne(const core::CheckpointTaken& taken);
  void tidyUp();
  void storeState(const core::SessionStateChanged& change);
  void storePlan(const core::TrainingStarted& started);
  /// Writes what waits; inside a transaction. forget() follows when that is committed.
  void writeWaiting();
  void forget();
  void announceRepeats();
  bool waiting() const;

  const RecorderOptions& options_;
  Announce announce_;
  Catalog catalog_;
  RepeatedSteps repeats_;
  const bool resumed_;       // not the run's first training
  bool repeatsTold_ = false, resumeOnRecord_ = false;
  std::int64_t toldRepeats_ = 0;
  Monitor monitor_;
  std::optional<core::BestValue> best_;

  std::vector<std::string> environment_;  // what is not as at the checkpoint

  // What waits for the next commit.
  std::vector<core::MetricPoint> points_;
  std::vector<core::RunEvent> events_;
  std::vector<core::CheckpointRecord> skipped_;
  std::optional<std::int64_t> supersedeAfter_;
  bool bestChanged_ = false;
  std::int64_t step_ = 0, epoch_ = 0;
  std::optional<Clock::time_point> waitingSince_;

  std::size_t lookedAhead_ = 0;    // so many of the checkpoints to come were looked at
  std::set<std::string> leaving_;  // of these: not to be written
  std::optional<WrittenFile> written_;  // the checkpoint at hand: its file is durable, its row not yet
  std::optional<core::RunStatus> status_;
};

}  // namespace cairn::storage
