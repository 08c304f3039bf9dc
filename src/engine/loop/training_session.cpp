#include "engine/loop/training_session.h"

#include <fmt/format.h>
#include <malloc.h>

#include <cmath>

#include "core/error.h"
#include "core/event_kinds.h"
#include "core/run_history.h"
#include "core/text.h"
#include "engine/checkpoint_keys.h"
#include "engine/loop/compute_device.h"
#include "engine/loop/learner_state.h"
#include "engine/loop/make_session.h"
#include "engine/loop/trainer.h"
#include "engine/torch_error.h"

namespace cairn::engine {

namespace {

using core::SessionState;

/// glibc gives large temporaries back to the kernel at every step unless told to keep them.
void keepFreedMemory() {
  static const bool once = [] {
    mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the most that glibc takes
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    return true;
  }();
  static_cast<void>(once);
}

/// The count that made the checkpoint, since another gives other last bits.
std::optional<int> recordedThreads(const SessionOptions& options) {
  if (options.threads) return options.threads;
  if (!options.from || (options.branch && options.spec.training.threads)) return {};
  const auto* cairn = options.from->find(keys::kCairn);
  const auto* threads = cairn ? cairn->find(keys::kThreads) : nullptr;
  const auto count = threads ? threads->asInteger() : std::nullopt;
  if (!count || *count < 1 || *count > 4096) return {};
  return static_cast<int>(*count);
}

std::int64_t parameterCount(const Learner& learner) {
  std::int64_t count = 0;
  for (const auto& parameter : learner.optimizer->parameters()) count += parameter.numel();
  return count;
}

/// Tensors beside each parameter once the optimizer has taken a step.
std::int64_t stateTensors(const core::OptimizerSpec& spec) {
  if (const auto* sgd = std::get_if<core::SGDOptions>(&spec)) return sgd->momentum != 0 ? 1 : 0;
  if (const auto* adam = std::get_if<core::AdamOptions>(&spec)) return adam->amsgrad ? 3 : 2;
  return std::get<core::AdamWOptions>(spec).amsgrad ? 3 : 2;
}

core::TrainingStarted startedEvent(const Learner& learner) {
  constexpr std::int64_t kHeaders = 32 << 10;  // generator state, names, the zip's own records
  core::TrainingStarted started;
  started.startStep = learner.counters.step;
  started.totalSteps = totalSteps(learner);
  started.stepsPerEpoch = learner.sampler->batchesPerEpoch();
  started.parameterCount = parameterCount(learner);
  for (const auto& [name, tensor] : learner.tensors) started.stateBytes += static_cast<std::int64_t>(tensor.nbytes());
  started.stateBytes += kHeaders + started.parameterCount * 4 * stateTensors(learner.spec.optimizer);
  started.device = learner.device.str();
  started.threads = learner.threads;
  started.dataFingerprint = learner.data().fingerprint;
  return started;
}

}  // namespace

std::unique_ptr<Session> makeSession(SessionOptions options) {
  if (options.branch && !options.from) throw Error("branch", "has no checkpoint to start from", "name one");
  return std::make_unique<TrainingSession>(std::move(options));
}

TrainingSession::~TrainingSession() {
  stop();
  wait();
}

void TrainingSession::start(core::EventSink& sink) {
  thread_ = std::jthread([this, &sink] { run(sink); });
}

void TrainingSession::setLr(double lr) {
  if (!std::isfinite(lr) || lr < 0)
    throw Error::invalid("optimizer.lr", fmt::format("{} is no learning rate", core::roundTrip(lr)),
                         "give a number of 0 or more");
  mailbox_.setLr(lr);
}

void TrainingSession::wait() {
  const std::lock_guard lock(joining_);
  if (thread_.joinable()) thread_.join();
}

void TrainingSession::run(core::EventSink& sink) {
  Reporter reporter(sink, state_);
  const auto failure = failureOf("training", [&] { train(reporter); });
  if (!failure) return;
  if (failure->kind() == ErrorKind::Cancelled) {
    reporter.enter(SessionState::Stopped, step_, epoch_, "stopped");
  } else {
    reporter.enter(SessionState::Failed, step_, epoch_, failure->what(), failure);
  }
}

Learner TrainingSession::prepare(Reporter& reporter) {
  reporter.enter(SessionState::Preparing, 0, 0);
  const core::Progress progress = [&](std::string_view phase, std::int64_t done, std::int64_t total) {
    reporter.progress(phase, done, total);
    return !mailbox_.stopping();
  };
  auto threads = recordedThreads(options_);
  if (!threads) threads = options_.spec.training.threads;
  useThreads(threads.value_or(1));
  auto learner = makeLearner(options_, progress);
  learner.threads = threads ? *threads : fastestThreads(learner, progress);
  return learner;
}

void TrainingSession::train(Reporter& reporter) {
  // Grad mode and thread counts belong to a thread: this one's are set before anything else runs on it.
  torch::GradMode::set_enabled(true);
  keepFreedMemory();
  auto learner = prepare(reporter);
  auto& counters = learner.counters;
  const struct Remember {
    Counters& counters;
    TrainingSession& session;
    ~Remember() { session.step_ = counters.step, session.epoch_ = counters.epoch; }
  } remember{counters, *this};

  Trainer trainer(learner, options_, reporter, mailbox_);
  const auto changes = options_.from ? changesSince(*options_.from, learner) : std::vector<std::string>{};
  options_.from.reset();
  if (!changes.empty())
    reporter.post(core::SettingChanged{
        {counters.step + 1, core::kEnvironmentEvent, core::environmentDetail(changes), core::nowIso8601()}});
  reporter.post(startedEvent(learner));
  reporter.enter(SessionState::Training, counters.step, counters.epoch);
  const auto ended = trainer.run();
  reporter.enter(ended.state, counters.step, counters.epoch, ended.reason);
}

}  // namespace cairn::engine
