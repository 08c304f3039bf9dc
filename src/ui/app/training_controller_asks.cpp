// What the training controller is asked for and answers later: resumes, whose data is looked at first, and recreations.
#include <QElapsedTimer>
#include <algorithm>
#include <utility>

#include "core/error_codes.h"
#include "ui/app/training_controller.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

constexpr qint64 kProgressEveryMs = 50;
constexpr qint64 kShortMs = 300;  // what is done by then is not worth a line

bool isAboutData(const Error& error) { return error.code() == kDataChanged || error.code() == kDataMissing; }

Error busyWith(const char* what, const char* why, const char* advice) { return {what, why, advice}; }

}  // namespace

void TrainingController::resume(const std::string& run, const training::ResumeOptions& options) {
  ask({.kind = AskedJob::Kind::Resume, .run = run, .step = 0, .resume = options, .recreate = {}});
}

void TrainingController::recreate(const std::string& run, std::int64_t step, const training::RecreateOptions& options) {
  ask({.kind = AskedJob::Kind::Recreate, .run = run, .step = step, .resume = {}, .recreate = options});
}

void TrainingController::ask(AskedJob job) {
  const bool again = job.kind == AskedJob::Kind::Recreate;
  if (recreates(job.run)) {
    Q_EMIT startFailed(again ? busyWith("recreate", "a step of that run is being made again already", "wait for it, or cancel it")
                             : busyWith("resume", "a step of that run is being made again", "wait for it, or cancel it"));
    return;
  }
  if (takesUp(job.run)) {
    if (!again) return resumePaused();
    Q_EMIT startFailed(busyWith("recreate", "the run trains, or waits for its turn", "stop it first, or wait for its end"));
    return;
  }
  Pending pending{std::move(job)};
  if (again) {
    pending.job.recreate.progress = lookProgress(pending);
    auto task = [home = home_, asked = pending.job] {
      return training::Job::recreate(home, asked.run, asked.step, asked.recreate);
    };
    return make(std::move(pending), std::move(task));
  }
  pending.job.resume.progress = lookProgress(pending);
  auto task = [home = home_, asked = pending.job] { return training::Job::resume(home, asked.run, asked.resume); };
  make(std::move(pending), std::move(task));
}

void TrainingController::make(Pending pending, JobWorker::Make make) {
  asked_.push_back(std::move(pending));
  onWorker([make = std::move(make)](JobWorker& worker) { worker.create(make); });
}

// Called on the worker's thread, which this controller outlives.
core::Progress TrainingController::lookProgress(const Pending& pending) {
  struct Clocks {
    QElapsedTimer begun, told;
  };
  return [this, clocks = std::make_shared<Clocks>(), run = pending.job.run, cancelled = pending.cancelled](
             std::string_view phase, std::int64_t done, std::int64_t total) {
    if (!clocks->begun.isValid()) clocks->begun.start();
    const bool due = !clocks->told.isValid() || clocks->told.elapsed() >= kProgressEveryMs;
    if (due && clocks->begun.elapsed() >= kShortMs) {
      clocks->told.start();
      QMetaObject::invokeMethod(
          this,
          [this, run, words = text(phase), done, total] {
            looking_ = {.kind = SideWork::Kind::LookingAtData, .run = run, .phase = words, .done = done, .total = total};
            showSideWork();
          },
          Qt::QueuedConnection);
    }
    return !*cancelled;
  };
}

AskedJob TrainingController::takeAnswered() {
  auto answered = std::move(asked_.front().job);
  asked_.pop_front();
  looking_ = {};
  showSideWork();
  return answered;
}

void TrainingController::onCreateFailed(const Error& error) {
  const auto asked = takeAnswered();
  if (asked.kind != AskedJob::Kind::NewRun && isAboutData(error) && !shuttingDown_) {
    Q_EMIT dataInQuestion(asked, error);
  } else {
    Q_EMIT startFailed(error);
  }
  settle();
}

bool TrainingController::takesUp(const std::string& run) const {
  if (run.empty()) return false;
  const auto isAsked = [&](const Pending& pending) { return pending.job.run == run && pending.job.kind == AskedJob::Kind::Resume; };
  return trains(run) || std::find(queue_.begin(), queue_.end(), run) != queue_.end() ||
         std::any_of(asked_.begin(), asked_.end(), isAsked);
}

bool TrainingController::recreates(const std::string& run) const {
  const auto isAsked = [&](const Pending& pending) { return pending.job.run == run && pending.job.kind == AskedJob::Kind::Recreate; };
  return (recreating_ && recreating_->run == run) ||
         std::any_of(recreations_.begin(), recreations_.end(), [&](const auto& waiting) { return waiting.run == run; }) ||
         std::any_of(asked_.begin(), asked_.end(), isAsked);
}

void TrainingController::startRecreation() {
  const auto next = recreations_.front();
  recreations_.pop_front();
  recreating_ = SideWork{.kind = SideWork::Kind::Recreating, .run = next.run, .step = next.step};
  onWorker([this, run = next.run](JobWorker& worker) { worker.start(run, mailbox_); });
  showSideWork();
}

void TrainingController::onRecreationEnded(const std::shared_ptr<const Error>& error,
                                           const std::shared_ptr<const training::Recreated>& recreated) {
  const auto ended = *std::exchange(recreating_, std::nullopt);
  showSideWork();
  Q_EMIT recreationEnded(ended.run, ended.step, recreated, error);
  startNext();
  settle();
}

void TrainingController::cancelSideWork() {
  switch (sideWork_.kind) {
    case SideWork::Kind::None: break;
    case SideWork::Kind::LookingAtData:
      if (!asked_.empty()) *asked_.front().cancelled = true;
      break;
    case SideWork::Kind::Recreating:
      if (recreating_) return worker_->apply(recreating_->run, [](training::Job& job) { job.stop(); });
      dropWaitingRecreation();
      break;
  }
}

void TrainingController::dropWaitingRecreation() {
  const auto dropped = recreations_.front();
  recreations_.pop_front();
  onWorker([run = dropped.run](JobWorker& worker) { worker.drop(run); });
  showSideWork();
  Q_EMIT recreationEnded(dropped.run, dropped.step, nullptr, nullptr);
  settle();
}

void TrainingController::showSideWork() {
  SideWork now;
  if (recreating_) {
    now = *recreating_;
  } else if (looking_.kind != SideWork::Kind::None) {
    now = looking_;
  } else if (!recreations_.empty()) {
    now = {.kind = SideWork::Kind::Recreating, .run = recreations_.front().run, .step = recreations_.front().step, .waits = true};
  }
  if (now == sideWork_) return;
  sideWork_ = now;
  Q_EMIT sideWorkChanged();
}

}  // namespace cairn::ui
