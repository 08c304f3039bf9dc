#include "ui/app/training_controller.h"

#include <algorithm>
#include <utility>

namespace cairn::ui {

TrainingController::TrainingController(storage::Home home, QObject* parent)
    : QObject(parent), home_(std::move(home)), worker_(new JobWorker) {
  worker_->moveToThread(&thread_);
  connect(&thread_, &QThread::finished, worker_, &QObject::deleteLater);
  connect(worker_, &JobWorker::created, this, &TrainingController::onCreated);
  connect(worker_, &JobWorker::finished, this, &TrainingController::onFinished);
  connect(worker_, &JobWorker::createFailed, this, &TrainingController::onCreateFailed);
  connect(worker_, &JobWorker::nothingToDo, this, [this] {
    takeAnswered();
    Q_EMIT nothingToDo();
    settle();
  });
  connect(worker_, &JobWorker::discarded, this, &TrainingController::runUnqueued);
  connect(&mailbox_, &EventMailbox::ready, this, &TrainingController::deliver);
  thread_.setObjectName(QStringLiteral("jobs"));
  thread_.start();
}

TrainingController::~TrainingController() {
  onWorker([](JobWorker& worker) { worker.discardAll(); });
  onWorker([this](JobWorker&) { thread_.quit(); });
  thread_.wait();
}

void TrainingController::start(core::RunSpec spec) {
  make({}, [home = home_, spec = std::move(spec)] { return training::Job::train(home, spec); });
}

void TrainingController::branch(const std::string& checkpoint, const training::BranchOptions& options) {
  make({}, [home = home_, checkpoint, options] { return training::Job::branch(home, checkpoint, options); });
}

void TrainingController::onCreated(const std::string& run, const QStringList& warnings) {
  const auto asked = takeAnswered();
  if (asked.kind == AskedJob::Kind::Recreate) {
    recreations_.push_back({run, asked.step});
  } else {
    queue_.push_back(run);
    Q_EMIT runQueued(run);
  }
  if (!warnings.isEmpty()) Q_EMIT warned(warnings);
  // A paused run has its checkpoint: it gives its place up, and goes on from there when it is resumed.
  if (live_.state == core::SessionState::Paused) {
    parking_ = true;
    stop();
  }
  startNext();
  showSideWork();
  settle();
}

void TrainingController::startNext() {
  if (shuttingDown_) {
    for (const auto& run : std::exchange(queue_, {})) onWorker([run](JobWorker& worker) { worker.discard(run); });
    for (const auto& waiting : std::exchange(recreations_, {}))
      onWorker([run = waiting.run](JobWorker& worker) { worker.drop(run); });
    showSideWork();
  }
  if (!live_.run.empty() || recreating_) return;
  // A recreation goes first: somebody waits for its answer, and it is short beside a run.
  if (!recreations_.empty()) return startRecreation();
  if (queue_.empty()) return;
  live_ = LiveRun{.run = queue_.front(), .state = core::SessionState::Preparing};
  speed_.reset();
  queue_.erase(queue_.begin());
  onWorker([this, run = live_.run](JobWorker& worker) { worker.start(run, mailbox_); });
  Q_EMIT liveChanged();
}

void TrainingController::onFinished(const std::string& run, core::SessionState state,
                                    const std::shared_ptr<const Error>& error,
                                    const std::shared_ptr<const training::Recreated>& recreated) {
  deliver();  // what the job told before it ended
  if (recreating_ && recreating_->run == run) return onRecreationEnded(error, recreated);
  live_ = {};
  if (std::exchange(parking_, false) && state == core::SessionState::Stopped) Q_EMIT runParked(run);
  Q_EMIT runEnded(run, state, error);
  startNext();
  Q_EMIT liveChanged();
  settle();
}

void TrainingController::settle() {
  if (busy()) return;
  shuttingDown_ = false;  // whoever asked for it may stay after all
  Q_EMIT becameIdle();
}

void TrainingController::pause() {
  tellJob([](training::Job& job) { job.pause(); });
}
void TrainingController::resumePaused() {
  tellJob([](training::Job& job) { job.resumePaused(); });
}
void TrainingController::stop() {
  tellJob([](training::Job& job) { job.stop(); });
}
void TrainingController::checkpointNow() {
  tellJob([](training::Job& job) { job.checkpointNow(); });
}
void TrainingController::setLr(double lr) {
  tellJob([lr](training::Job& job) { job.setLr(lr); });
}

void TrainingController::tellJob(const std::function<void(training::Job&)>& verb) {
  if (!live_.run.empty()) worker_->apply(live_.run, verb);
}

void TrainingController::onWorker(std::function<void(JobWorker&)> work) {
  QMetaObject::invokeMethod(
      worker_, [worker = worker_, work = std::move(work)] { work(*worker); }, Qt::QueuedConnection);
}

void TrainingController::unqueue(const std::string& run) {
  if (std::erase(queue_, run) > 0) onWorker([run](JobWorker& worker) { worker.discard(run); });
}

void TrainingController::shutDown() {
  shuttingDown_ = true;
  for (const auto& pending : asked_) *pending.cancelled = true;
  cancelSideWork();
  startNext();  // lets the queue go
  stop();
  settle();
}

void TrainingController::stayUp() { shuttingDown_ = false; }

void TrainingController::giveUp() {
  tellJob([](training::Job& job) { job.giveUp(); });
}

void TrainingController::deliver() {
  if (recreating_) {
    if (apply(mailbox_.take(), *recreating_))
      onWorker([run = recreating_->run](JobWorker& worker) { worker.finish(run); });
    return showSideWork();
  }
  if (live_.run.empty()) return;
  auto delivery = mailbox_.take();
  for (const auto& event : delivery.events) applyEvent(event);
  if (!delivery.points.empty()) {
    applyPoints(delivery.points);
    Q_EMIT metricsArrived(live_.run, delivery.points);
  }
  Q_EMIT liveChanged();
}

void TrainingController::applyPoints(const std::vector<core::MetricPoint>& points) {
  for (const auto& point : points) live_.latest[point.series] = point.value;
  const auto& last = points.back();
  live_.step = last.step;
  live_.epoch = last.epoch;
  live_.seconds = last.seconds;
  live_.stepsPerSecond = speed_.add(last.step);
  if (live_.state == core::SessionState::Training) live_.phase.clear();
}

void TrainingController::applyEvent(const core::Event& event) {
  std::visit(
      [this](const auto& fact) {
        using Fact = std::decay_t<decltype(fact)>;
        if constexpr (std::is_same_v<Fact, core::TrainingStarted>) {
          live_.plan = fact;
          live_.step = fact.startStep;
          live_.phase.clear();
        } else if constexpr (std::is_same_v<Fact, core::PhaseProgress>) {
          live_.phase = fact.phase;
          live_.phaseDone = fact.done;
          live_.phaseTotal = fact.total;
        } else if constexpr (std::is_same_v<Fact, core::SessionStateChanged>) {
          applyState(fact);
        } else if constexpr (std::is_same_v<Fact, core::CheckpointStored>) {
          Q_EMIT checkpointStored(fact.record);
        } else if constexpr (std::is_same_v<Fact, core::SettingChanged>) {
          Q_EMIT settingChanged(live_.run, fact.event);
        } else if constexpr (std::is_same_v<Fact, core::StorageTrouble>) {
          Q_EMIT storageTroubled(fact);
        } else if constexpr (std::is_same_v<Fact, core::StepsRepeated>) {
          Q_EMIT stepsRepeated(live_.run, fact.check, fact.finished);
        }
      },
      event);
}

void TrainingController::applyState(const core::SessionStateChanged& change) {
  live_.state = change.state;
  if (change.step > 0) live_.step = change.step;
  if (change.epoch > 0) live_.epoch = change.epoch;
  if (change.state == core::SessionState::Training) speed_.reset();
  if (change.state == core::SessionState::Paused) live_.phase.clear();
  if (core::isFinal(change.state)) {
    live_.phase.clear();
    onWorker([run = live_.run](JobWorker& worker) { worker.finish(run); });
    return;
  }
  if (change.state == core::SessionState::Paused && !queue_.empty()) {
    parking_ = true;
    stop();
  }
}

}  // namespace cairn::ui
