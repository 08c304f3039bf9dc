#include "storage_story.h"

#include <fmt/format.h>

#include "storage/checkpoint_files.h"
#include "storage/recovery.h"

namespace cairn::tests {

using core::CheckpointState;
using storage::Catalog;

namespace {

core::MetricsMeasured losses(std::int64_t from, std::int64_t to) {
  core::MetricsMeasured measured;
  for (auto step = from; step <= to; ++step)
    measured.points.push_back({core::Series::TrainLoss, step, 0, 0.1, 1.0 / static_cast<double>(step)});
  return measured;
}

/// A state of some pages, so that its file is written in more than one piece of a disk.
std::shared_ptr<const core::StateTree> stateOf(const core::CheckpointRecord& record) {
  auto tree = *smallState(record, static_cast<float>(record.step));
  std::vector<float> weights(3000, static_cast<float>(record.step));
  tree.find("model_state_dict")->set("1.weight", core::Tensor::copyOf(core::DType::Float32, {3000}, std::as_bytes(std::span(weights))));
  return std::make_shared<core::StateTree>(std::move(tree));
}

}  // namespace

std::vector<Story::Step> Story::steps() {
  std::vector<Step> all{
      {"open", [this] { catalog_.emplace(home_, Catalog::Access::Write, files_); }},
      {"new run",
       [this] {
         if (!lock_) lock_ = storage::takeRunLock(files_, home_, run_.id, run_.name, storage::kTraining);
         if (!runMade_) catalog_->insertRun(run_);
         runMade_ = true;
       }},
      {"start", [this] {
         if (!recorder_) {
           recorder_ = std::make_unique<storage::Recorder>(home_, storage::RecorderOptions{.run = run_}, &sink_, files_);
           recorder_->post(core::SessionStateChanged{core::SessionState::Training, "", nullptr, 0, 0});
         }
         recorder_->flush();
       }}};
  for (int i = 1; i <= kCheckpoints; ++i) all.push_back({"checkpoint", [this, i] { recordAndFlush(i); }});
  all.push_back({"pin", [this] { catalog_->setPinned(oldestReady(), true); }});
  all.push_back({"unpin", [this] { catalog_->setPinned(oldestReady(), false); }});
  all.push_back({"delete", [this] { deleteOldest(); }});
  all.push_back({"undelete", [this] { undelete(); }});
  all.push_back({"delete again", [this] { deleteOldest(); }});
  all.push_back({"empty the trash", [this] {
                   catalog_->emptyTrash();
                   catalog_->finishFiles("");
                 }});
  all.push_back({"backup", [this] { catalog_->backup(); }});
  all.push_back({"stop", [this] {
                   if (!ended_) recorder_->post(core::SessionStateChanged{core::SessionState::Stopped, "", nullptr, kCheckpoints * kStepsEach, 0});
                   ended_ = true;
                   recorder_->flush();
                 }});
  all.push_back({"end", [this] {
                   recorder_.reset();
                   lock_.reset();
                   catalog_.reset();
                 }});
  return all;
}

void Story::recordAndFlush(int number) {
  if (posted_ < number) {
    const auto step = number * kStepsEach;
    auto record = smallCheckpoint(run_, step);
    record.metrics = {{"val/loss", 1.0 / number}};  // the newest is the best: retention takes the oldest
    recorder_->post(losses(step - kStepsEach + 1, step));
    recorder_->post(core::CheckpointTaken{record, stateOf(record), 0});
    posted_ = number;
  }
  recorder_->flush();
}

const std::string& Story::oldestReady() {
  static std::string id;
  for (const auto& record : catalog_->checkpoints(run_.id)) {
    if (record.state != CheckpointState::Ready) continue;
    id = record.id;
    break;
  }
  return id;
}

void Story::deleteOldest() {
  if (deleted_.empty()) deleted_ = oldestReady();
  if (catalog_->checkpoint(deleted_).state != CheckpointState::Deleted) catalog_->deleteCheckpoint(deleted_);
  catalog_->finishFiles("");
}

void Story::undelete() {
  if (deleted_.empty()) return;
  catalog_->finishFiles("");  // where it failed half-way
  if (catalog_->checkpoint(deleted_).state == CheckpointState::Deleted) catalog_->undeleteCheckpoint(deleted_);
  deleted_.clear();
}

Story::Truth Story::truth() {
  Truth now;
  if (!catalog_ || !runMade_) return now;
  for (const auto& record : catalog_->checkpoints(run_.id)) now.checkpoints[record.id] = record.state;
  now.losses = catalog_->metrics(run_.id, core::Series::TrainLoss).size();
  return now;
}

namespace {

class Check {
 public:
  Check(Catalog& catalog, const std::string& run) : catalog_(catalog), run_(run) {}

  void sound() {
    if (const auto damage = catalog_.findDamage(); !damage.empty()) fail(damage);
    for (const auto& record : catalog_.checkpoints()) {
      if (record.state != CheckpointState::Ready && record.state != CheckpointState::Pruned && record.state != CheckpointState::Deleted)
        fail(fmt::format("the checkpoint of step {} is {}", record.step, core::toText(record.state)));
      if (record.state != CheckpointState::Ready) continue;
      try {
        storage::verifyCheckpointFile(catalog_.files(), record);
      } catch (const Error& error) {
        fail(error.what());
      }
    }
    for (const auto& entry : catalog_.trash())
      if (!catalog_.files().exists(entry.path)) fail("the trash does not hold " + entry.checkpoint);
  }

  void tidy() {
    const auto onRecord = catalog_.filesOnRecord(run_);
    for (const auto& name : catalog_.files().list(catalog_.home().runFolder(run_)))
      if (name != "lock" && !onRecord.contains(name)) fail(name + " was left");
    if (catalog_.files().exists(catalog_.home().backupInMaking())) fail("half a backup was left");
    if (!catalog_.files().list(catalog_.home().quarantine()).empty()) fail("something was set aside");
  }

  void holds(const Story::Truth& truth, const Story::Truth& next, const std::vector<std::string>& reported) {
    for (const auto& [id, state] : truth.checkpoints) requireOneOf(id, state, next);
    for (const auto& id : reported)
      if (!catalog_.hasCheckpoint(id)) fail("a checkpoint that was reported saved is gone");
    if (truth.losses == 0) return;
    const auto count = catalog_.metrics(run_, core::Series::TrainLoss).size();
    if (count < truth.losses) fail(fmt::format("{} of {} metrics are left", count, truth.losses));
  }

  const QString& found() const { return found_; }

 private:
  void requireOneOf(const std::string& id, CheckpointState state, const Story::Truth& next) {
    if (!catalog_.hasCheckpoint(id)) return fail("a checkpoint is gone");
    const auto now = catalog_.checkpoint(id).state;
    const auto later = next.checkpoints.find(id);
    if (now != state && (later == next.checkpoints.end() || now != later->second))
      fail(fmt::format("a checkpoint is {}, it was {}", core::toText(now), core::toText(state)));
  }
  void fail(const std::string& what) {
    if (found_.isEmpty()) found_ = QString::fromStdString(what);
  }
  Catalog& catalog_;
  const std::string& run_;
  QString found_;
};

}  // namespace

QString violation(const storage::Home& home, storage::FileSystem& files, const Story::Truth& truth, const Story::Truth& next,
                  const std::vector<std::string>& reported, const std::string& run) {
  try {
    Catalog catalog(home, Catalog::Access::Write, files);
    storage::repair(catalog);
    Check check(catalog, run);
    check.sound();
    check.tidy();
    check.holds(truth, next, reported);
    return check.found();
  } catch (const std::exception& error) {
    return QString::fromStdString(error.what());
  }
}

}  // namespace cairn::tests
