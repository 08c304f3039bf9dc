#include "storage/recorder_store.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/error.h"
#include "core/error_codes.h"
#include "core/event_kinds.h"
#include "core/run_history.h"
#include "core/text.h"
#include "storage/torch_file.h"

namespace cairn::storage {

namespace {

constexpr auto kCommitInterval = std::chrono::milliseconds(500);
constexpr std::size_t kManyPoints = 100'000;
constexpr std::string_view kMaxSteps = "max_steps";  // the reason of a stop that is a pause

std::optional<core::RunStatus> statusOf(const core::SessionStateChanged& change) {
  switch (change.state) {
    case core::SessionState::Idle: return {};
    case core::SessionState::Preparing:
    case core::SessionState::Training:
    case core::SessionState::Validating: return core::RunStatus::Running;
    case core::SessionState::Paused: return core::RunStatus::Paused;
    case core::SessionState::Stopped:
      return change.reason == kMaxSteps ? core::RunStatus::Paused : core::RunStatus::Stopped;
    case core::SessionState::Completed: return core::RunStatus::Completed;
    case core::SessionState::Failed: return core::RunStatus::Failed;
  }
  return {};
}

}  // namespace

RecorderStore::RecorderStore(const Home& home, const RecorderOptions& options, FileSystem& files, Announce announce)
    : options_(options),
      announce_(std::move(announce)),
      catalog_(home, Catalog::Access::Write, files),
      repeats_(catalog_, options.run.id, options.startStep),
      resumed_(options.run.status != core::RunStatus::Queued),
      monitor_(monitorOf(options.run.spec, options.run.spec.checkpoints)) {
  if (options.run.best && options.run.best->metric == monitor_.series) best_ = options.run.best;
}

void RecorderStore::take(const core::Event& event, Clock::time_point postedAt) {
  if (const auto* measured = std::get_if<core::MetricsMeasured>(&event)) {
    takeMetrics(*measured);
  } else if (const auto* changed = std::get_if<core::SettingChanged>(&event)) {
    takeChange(changed->event);
  } else if (const auto* taken = std::get_if<core::CheckpointTaken>(&event)) {
    if (leaving_.contains(taken->record.id)) {
      skipCheckpoint(*taken);
    } else {
      storeCheckpoint(*taken, postedAt);
    }
    if (lookedAhead_ > 0) --lookedAhead_;
  } else if (const auto* change = std::get_if<core::SessionStateChanged>(&event)) {
    storeState(*change);
  } else if (const auto* started = std::get_if<core::TrainingStarted>(&event)) {
    storePlan(*started);
  }
}

void RecorderStore::takeChange(const core::RunEvent& event) {
  if (event.kind == core::kEnvironmentEvent && resumed_) {
    environment_ = core::changesOf(event);  // goes with the event of the resume, which comes next
    return;
  }
  // Committed with the first metric that it affects, which comes next.
  events_.push_back(event);
  if (!waitingSince_) waitingSince_ = Clock::now();
}

void RecorderStore::takeMetrics(const core::MetricsMeasured& measured) {
  auto verdict = repeats_.compare(measured.points);
  if (verdict.supersedeAfter) {
    supersedeAfter_ = verdict.supersedeAfter;
    if (best_ && best_->step > *supersedeAfter_) best_.reset();
  }
  for (const auto& point : measured.points) {
    step_ = std::max(step_, point.step);
    epoch_ = std::max(epoch_, point.epoch);
  }
  followBest(verdict.fresh);
  points_.insert(points_.end(), verdict.fresh.begin(), verdict.fresh.end());
  if (!waitingSince_) waitingSince_ = Clock::now();
}

void RecorderStore::followBest(std::span<const core::MetricPoint> points) {
  if (monitor_.isEpochMean()) return;  // it comes with the checkpoints
  for (const auto& point : points) {
    if (core::seriesName(point.series) != monitor_.series) continue;
    if (best_ ? !monitor_.better(point.value, best_->value) : point.value != point.value) continue;
    best_ = core::BestValue{point.step, monitor_.series, point.value};
    bestChanged_ = true;
  }
}

bool RecorderStore::waiting() const { return waitingSince_.has_value(); }

bool RecorderStore::commitIsDue(Clock::time_point now) const {
  return waiting() && (now - *waitingSince_ >= kCommitInterval || points_.size() >= kManyPoints);
}

std::optional<RecorderStore::Clock::time_point> RecorderStore::commitDueAt() const {
  if (!waiting()) return {};
  return *waitingSince_ + kCommitInterval;
}

void RecorderStore::findBestLeft() {
  // The best may stand on the old stretch: look through what is left.
  const auto consider = [&](std::int64_t step, double value) {
    if (std::isnan(value)) return;
    const bool earlier = best_ && value == best_->value && step < best_->step;
    if (best_ && !earlier && !monitor_.better(value, best_->value)) return;
    best_ = core::BestValue{step, monitor_.series, value};
    bestChanged_ = true;
  };
  if (monitor_.isEpochMean()) {
    for (const auto& record : catalog_.checkpoints(options_.run.id))
      if (record.monitored && record.step <= *supersedeAfter_) consider(record.step, *record.monitored);
  } else if (const auto series = core::seriesFromName(monitor_.series)) {
    const auto left = catalog_.metrics(options_.run.id, *series);
    for (std::size_t i = 0; i < left.size(); ++i) consider(left.step[i], left.value[i]);
  }
}

void RecorderStore::writeWaiting() {
  const auto& run = options_.run.id;
  if (supersedeAfter_) {
    catalog_.supersedeMetrics(run, *supersedeAfter_);
    findBestLeft();
  }
  if (!events_.empty()) {
    // While steps are repeated their changes are too, and those are on record.
    const auto known = catalog_.events(run);
    for (const auto& event : events_) {
      const bool there = std::any_of(known.begin(), known.end(), [&](const core::RunEvent& old) {
        return old.step == event.step && old.kind == event.kind && old.detail == event.detail;
      });
      if (!there) catalog_.appendEvent(run, event);
    }
  }
  catalog_.appendMetrics(run, points_);
  for (const auto& record : skipped_) catalog_.insertCheckpoint(record);
  if (waiting()) catalog_.setProgress(run, step_, epoch_);
  if (bestChanged_ && best_) catalog_.setBest(run, *best_);
  if (resumed_ && !(repeatsTold_ && resumeOnRecord_)) catalog_.setResumeCheck(run, repeats_.check());
}

void RecorderStore::forget() {
  points_.clear();
  events_.clear();
  supersedeAfter_.reset();
  bestChanged_ = false;
  waitingSince_.reset();
  resumeOnRecord_ = true;
  for (const auto& record : std::exchange(skipped_, {})) announce_(core::CheckpointPruned{record.id});
  announceRepeats();
}

void RecorderStore::announceRepeats() {
  if (!resumed_ || repeatsTold_) return;
  const auto& check = repeats_.check();
  if (check.stepsRepeated == toldRepeats_ && !repeats_.finished()) return;
  toldRepeats_ = check.stepsRepeated;
  repeatsTold_ = repeats_.finished();
  announce_(core::StepsRepeated{check, repeats_.finished()});
}

void RecorderStore::commit() {
  if (!waiting()) return;
  catalog_.inTransaction([&] { writeWaiting(); });
  forget();
}

void RecorderStore::storePlan(const core::TrainingStarted& started) {
  catalog_.inTransaction([&] {
    writeWaiting();
    catalog_.setPlan(options_.run.id, started.totalSteps, started.device, started.threads);
    if (resumed_) {
      const nlohmann::json detail{{"from_step", started.startStep}, {"changes", environment_}};
      catalog_.appendEvent(options_.run.id,
                           {started.startStep + 1, core::kResumedEvent, detail.dump(), core::nowIso8601()});
    }
  });
  forget();
}

void RecorderStore::storeState(const core::SessionStateChanged& change) {
  const auto status = statusOf(change);
  const bool final = core::isFinal(change.state);
  if (final) repeats_.end();
  if (!status || (status == status_ && !final)) return;
  const std::string failure = change.state == core::SessionState::Failed ? (change.error ? change.error->what() : change.reason) : "";
  catalog_.inTransaction([&] {
    writeWaiting();
    if (!failure.empty()) {
      const bool diverged = change.error && change.error->code() == kDiverged;
      catalog_.appendEvent(options_.run.id, {change.step, core::kFailedEvent, core::failureDetail(failure, diverged),
                                             core::nowIso8601()});
    } else if (change.reason.starts_with("early stopping")) {
      const nlohmann::json detail{{"reason", change.reason}};
      catalog_.appendEvent(options_.run.id,
                           {change.step, core::kEarlyStoppingEvent, detail.dump(), core::nowIso8601()});
    }
    catalog_.setStatus(options_.run.id, *status, failure);
    if (final) catalog_.setProgress(options_.run.id, change.step, change.epoch);
  });
  status_ = status;
  forget();
}

// A repeated step may bring a state that is stored already: one file is enough.
bool RecorderStore::keepIdenticalOne(const core::CheckpointTaken& taken) {
  const auto there = catalog_.readyAt(taken.record.run, taken.record.step);
  if (there.empty()) return false;
  const auto hash = stateHash(*taken.state);
  for (const auto& old : there) {
    if (old.hash != hash || !catalog_.files().exists(old.path)) continue;
    auto roles = taken.record.roles;
    roles.emplace(core::toText(taken.record.kind));
    catalog_.inTransaction([&] {
      writeWaiting();
      catalog_.addRoles(old.id, roles);
    });
    forget();
    announce_(core::CheckpointStored{catalog_.checkpoint(old.id)});
    return true;
  }
  return false;
}

void RecorderStore::storeCheckpoint(const core::CheckpointTaken& taken, Clock::time_point postedAt) {
  commit();
  auto record = taken.record;
  if (!written_) {
    if (keepIdenticalOne(taken)) return;
    auto& files = catalog_.files();
    const auto target = catalog_.home().checkpointFile(record.run, record.step, record.id);
    // Left by an attempt that failed after the rename: not proved durable, and on no record.
    if (files.exists(target) && !catalog_.checkpointAtPath(target)) files.unlink(target);
    written_ = writeCheckpointFile(files, target, *taken.state);
  }
  record.path = written_->path.string();
  record.bytes = static_cast<std::int64_t>(written_->bytes);
  record.fileHash = written_->fileHash;
  record.hash = written_->stateHash;
  record.state = core::CheckpointState::Ready;
  record.saveSeconds = std::chrono::duration<double>(Clock::now() - postedAt).count();
  if (record.createdAt.empty()) record.createdAt = core::nowIso8601();
  catalog_.inTransaction([&] {
    writeWaiting();
    catalog_.insertCheckpoint(record);
    catalog_.setProgress(record.run, record.step, record.epoch);
  });
  written_.reset();
  forget();
  announce_(core::CheckpointStored{catalog_.checkpoint(record.id)});
  tidyUp();
}

void RecorderStore::lookAhead(std::span<const core::CheckpointRecord* const> queued) {
  leaving_ = catalog_.leavingAmong(options_.run.id, queued, options_.run.spec.checkpoints);
  lookedAhead_ = queued.size();
}

// Its row says what it was; its state goes with the event.
void RecorderStore::skipCheckpoint(const core::CheckpointTaken& taken) {
  auto record = taken.record;
  record.path = catalog_.home().checkpointFile(record.run, record.step, record.id).string();
  record.hash = stateHash(*taken.state);
  record.state = core::CheckpointState::Pruned;
  if (record.createdAt.empty()) record.createdAt = core::nowIso8601();
  step_ = std::max(step_, record.step);
  epoch_ = std::max(epoch_, record.epoch);
  skipped_.push_back(std::move(record));
  if (!waitingSince_) waitingSince_ = Clock::now();
}

// What follows a checkpoint that is stored, and can wait.
void RecorderStore::tidyUp() {
  try {
    const auto& run = options_.run.id;
    const auto pruned = catalog_.pruneByPolicy(run, options_.run.spec.checkpoints);
    for (const auto& record : pruned) announce_(core::CheckpointPruned{record.id});
    if (!pruned.empty()) catalog_.finishFiles(run);
    catalog_.backUpDaily();
  } catch (const Error&) {
    // Nothing is lost: what is marked is finished after the next checkpoint or by repair, what is not is looked at again.
  }
}

}  // namespace cairn::storage
