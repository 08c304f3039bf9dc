#include "engine/loop/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/error.h"
#include "core/error_codes.h"
#include "core/event_kinds.h"
#include "core/text.h"
#include "engine/loop/objective.h"

namespace cairn::engine {

using core::CheckpointKind;
using core::Series;
using core::SessionState;

Trainer::Trainer(Learner& learner, const SessionOptions& options, Reporter& reporter, Mailbox& mailbox)
    : learner_(learner),
      options_(options),
      reporter_(reporter),
      mailbox_(mailbox),
      batcher_(learner.prepared, learner.spec.training.batchSize, learner.device),
      evaluator_(learner),
      checkpointer_(learner, options, reporter),
      stopwatch_(learner.counters.elapsedSeconds),
      totalSteps_(totalSteps(learner)) {}

Trainer::Ending Trainer::run() {
  for (;;) {
    if (mailbox_.pending())
      if (auto stopped = obey()) return *stopped;
    if (learner_.counters.phase == Phase::Validating) {
      finishEpoch();
      continue;
    }
    applyLr(/*leaving=*/false);
    if (std::exchange(checkpointWanted_, false)) checkpointer_.take({CheckpointKind::Manual}, /*proven=*/false);
    if (recreating() && learner_.counters.step >= *options_.onlyAt) return endRecreating();
    replayLonger();
    if (auto ended = ending()) {
      save(ended->state == SessionState::Completed ? CheckpointKind::Final : CheckpointKind::Manual);
      return *ended;
    }
    step();
  }
}

void Trainer::save(CheckpointKind kind) {
  // The next loss will not tell: the state may be kept as the last one before a pause, or the run's final one.
  if (!checkpointer_.provenHere() && !allFinite(learner_)) failAt(learner_.counters.step, "a weight", std::nan(""));
  checkpointer_.ensure(kind);
}

Trainer::Ending Trainer::endRecreating() {
  save(CheckpointKind::Recreated);
  // A change that was made between this step and the next: the run had a state with it, too.
  replaySettings(learner_.counters.step + 1);
  save(CheckpointKind::Recreated);
  return {SessionState::Stopped, "max_steps"};
}

// Who trains a run longer that had stopped early gives it its patience back (see restoreLearner).
void Trainer::replayLonger() {
  auto& counters = learner_.counters;
  const auto& stopping = learner_.spec.earlyStopping;
  const auto& longer = options_.longerAfter;
  if (!stopping || counters.improvement.badEpochs < stopping->patience) return;
  if (std::find(longer.begin(), longer.end(), counters.step) != longer.end()) counters.improvement.badEpochs = 0;
}

std::optional<Trainer::Ending> Trainer::ending() const {
  const auto& counters = learner_.counters;
  const auto& stopping = learner_.spec.earlyStopping;
  if (counters.step >= totalSteps_) return Ending{};
  if (stopping && counters.improvement.badEpochs >= stopping->patience)
    return Ending{SessionState::Completed,
                  fmt::format("early stopping: {} has not improved for {} epochs", learner_.spec.checkpoints.monitor,
                              counters.improvement.badEpochs)};
  if (options_.maxSteps && counters.step >= *options_.maxSteps) return Ending{SessionState::Stopped, "max_steps"};
  return {};
}

void Trainer::measure(Series series, double value) {
  auto& counters = learner_.counters;
  counters.newestOf(series) = value;
  reporter_.measured({series, counters.step, counters.epoch, counters.elapsedSeconds, value});
}

void Trainer::failAt(std::int64_t step, const char* what, double value) {
  checkpointer_.discardUnproven();
  const auto good = checkpointer_.lastGoodStep();
  throw Error(fmt::format("step {}", step), fmt::format("{} is {}", what, core::roundTrip(value)),
              good ? fmt::format("the last good checkpoint is that of step {}: go back to it, with a smaller lr", *good)
                   : "there is no checkpoint before it: start over with a smaller lr",
              ErrorKind::Failed, kDiverged);
}

void Trainer::replaySettings(std::int64_t step) {
  auto& counters = learner_.counters;
  for (const auto& setting : options_.replay) {
    if (setting.step != step) continue;
    counters.lr = setting.lr;
    const auto known = [&](const core::RunEvent& event) { return event.step == step && event.kind == core::kLrEvent; };
    if (std::none_of(counters.events.begin(), counters.events.end(), known))
      counters.events.push_back({step, core::kLrEvent, nlohmann::json{{"lr", setting.lr}}.dump(), core::nowIso8601()});
  }
}

void Trainer::step() {
  const auto begin = Clock::now();
  auto& counters = learner_.counters;
  const auto next = counters.step + 1;
  replaySettings(next);
  const auto batch = batcher_.gather(learner_.sampler->next());
  auto& optimizer = *learner_.optimizer;
  optimizer.clearGradients();
  const auto output = learner_.model->forward(batch.input);
  const auto loss = lossOf(learner_.spec.loss, output, batch.target);
  const double lossValue = loss.item<double>();
  if (!std::isfinite(lossValue)) failBefore(next, "the loss", lossValue, lossValue);
  loss.backward();
  const double norm = gradientNorm(optimizer.parameters());
  if (!std::isfinite(norm)) failBefore(next, "the gradient's norm", norm, lossValue);

  const double lr = counters.lr * warmupFactor(next, learner_.spec.lrScheduler.warmupSteps);
  checkpointer_.hand();
  optimizer.step(lr);
  counters.step = next;
  counters.monitored.reset();
  counters.loss = lossValue;
  counters.elapsedSeconds = stopwatch_.at(Clock::now());
  counters.epochLoss.add(lossValue * static_cast<double>(batch.samples), batch.samples);
  measure(Series::TrainLoss, lossValue);
  if (learner_.data().task == core::Task::Classification) measureAccuracy(output, batch.target);
  measure(Series::Lr, lr);
  measure(Series::GradNorm, norm);
  finishStep(begin);
}

void Trainer::measureAccuracy(const torch::Tensor& logits, const torch::Tensor& target) {
  const auto correct = countCorrect(logits, target);
  learner_.counters.epochAccuracy.add(static_cast<double>(correct.right), correct.of);
  measure(Series::TrainAccuracy, static_cast<double>(correct.right) / static_cast<double>(correct.of));
}

void Trainer::failBefore(std::int64_t step, const char* what, double value, double loss) {
  // Nothing of the step reaches the weights or a checkpoint; its loss is on record, so that the curve shows it.
  learner_.counters.step = step;
  learner_.counters.elapsedSeconds = stopwatch_.at(Clock::now());
  measure(Series::TrainLoss, loss);
  failAt(step, what, value);
}

void Trainer::finishStep(Clock::time_point begin) {
  auto& counters = learner_.counters;
  const auto now = Clock::now();
  measure(Series::StepSeconds, std::chrono::duration<double>(now - begin).count());
  reporter_.postMetricsIfDue(now);
  if (learner_.sampler->epochDone()) {
    learner_.sampler->beginNextEpoch();
    ++counters.epoch;
    counters.phase = Phase::Validating;
    if (options_.onlyAt == counters.step) checkpointer_.take({CheckpointKind::Recreated}, /*proven=*/false);
  } else {
    settle(/*epochEnded=*/false, /*improved=*/false);
  }
}

std::optional<Evaluation> Trainer::validate() {
  const auto& counters = learner_.counters;
  bool shown = false;
  const auto begin = Clock::now();
  const auto result = evaluator_.run(learner_, [&](std::int64_t done, std::int64_t total) {
    // A short validation is not worth a change of state on the screen.
    if (!shown && Clock::now() - begin > std::chrono::milliseconds(100)) {
      shown = true;
      reporter_.enter(SessionState::Validating, counters.step, counters.epoch);
    }
    if (shown) reporter_.progress("Validating", done, total);
    return !mailbox_.interrupting();
  });
  if (shown) reporter_.enter(SessionState::Training, counters.step, counters.epoch);
  return result;
}

double Trainer::monitored(const std::optional<Evaluation>& evaluation) const {
  const auto& counters = learner_.counters;
  const auto series = core::seriesFromName(learner_.spec.checkpoints.monitor).value_or(Series::TrainLoss);
  const double none = std::nan("");
  switch (series) {
    case Series::ValLoss: return evaluation ? evaluation->loss : counters.epochLoss.mean().value_or(none);
    case Series::ValAccuracy:
      return evaluation ? evaluation->accuracy.value_or(none) : counters.epochAccuracy.mean().value_or(none);
    // One batch's value says little of an epoch.
    case Series::TrainLoss: return counters.epochLoss.mean().value_or(none);
    case Series::TrainAccuracy: return counters.epochAccuracy.mean().value_or(none);
    default: return counters.newestOf(series).value_or(none);
  }
}

bool Trainer::noteImprovement(double value) {
  auto& counters = learner_.counters;
  auto& improvement = counters.improvement;
  const double sign = learner_.spec.checkpoints.mode == core::Mode::Min ? 1 : -1;
  if (std::isnan(value)) return ++improvement.badEpochs, false;
  const double minDelta = learner_.spec.earlyStopping ? learner_.spec.earlyStopping->minDelta : 0;
  if (!improvement.reference || sign * value < sign * *improvement.reference - minDelta) {
    improvement.reference = value;
    improvement.badEpochs = 0;
  } else {
    ++improvement.badEpochs;
  }
  if (improvement.best && !(sign * value < sign * *improvement.best)) return false;
  improvement.best = value;
  improvement.bestStep = counters.step;
  improvement.bestEpoch = counters.epoch;
  return true;
}

bool Trainer::finishEpoch() {
  auto& counters = learner_.counters;
  std::optional<Evaluation> evaluation;
  if (learner_.validates()) {
    evaluation = validate();
    if (!evaluation) return false;
    counters.elapsedSeconds = stopwatch_.at(Clock::now());
    measure(Series::ValLoss, evaluation->loss);
    if (evaluation->accuracy) measure(Series::ValAccuracy, *evaluation->accuracy);
    if (!std::isfinite(evaluation->loss)) failAt(counters.step, "the validation loss", evaluation->loss);
  }
  const double value = monitored(evaluation);
  counters.monitored = value;
  const bool improved = noteImprovement(value);
  if (learner_.scheduler) counters.lr = learner_.scheduler->step(counters.lr, value);
  counters.epochLoss = counters.epochAccuracy = Meter{};
  counters.phase = Phase::Training;
  settle(/*epochEnded=*/true, improved);
  return true;
}

void Trainer::settle(bool epochEnded, bool improved) {
  const auto& counters = learner_.counters;
  const auto& when = learner_.spec.checkpoints;
  if (recreating()) return;  // run() takes it
  Roles roles;
  if ((when.everySteps > 0 && counters.step % when.everySteps == 0) || checkpointer_.dueBySeconds() ||
      (epochEnded && when.everyEpochs > 0 && counters.epoch % when.everyEpochs == 0))
    roles.insert(CheckpointKind::Periodic);
  if (improved) roles.insert(CheckpointKind::Best);
  if (const auto ended = ending())
    roles.insert(ended->state == SessionState::Completed ? CheckpointKind::Final : CheckpointKind::Manual);
  if (!roles.empty()) checkpointer_.take(roles, /*proven=*/epochEnded && learner_.validates());
}

void Trainer::changeLr(double lr) {
  auto& counters = learner_.counters;
  const auto detail = nlohmann::ordered_json{{"from", counters.lr}, {"lr", lr}}.dump();
  counters.lr = lr;
  counters.events.push_back({counters.step + 1, core::kLrEvent, detail, core::nowIso8601()});
  reporter_.post(core::SettingChanged{counters.events.back()});
}

void Trainer::applyLr(bool leaving) {
  // The scheduler's step of an epoch that has ended comes first, as it will when the change is replayed.
  if (!pendingLr_ || (learner_.counters.phase == Phase::Validating && !leaving)) return;
  changeLr(*pendingLr_);
  pendingLr_.reset();
}

void Trainer::waitPaused() {
  auto& counters = learner_.counters;
  stopwatch_.hold();
  reporter_.enter(SessionState::Paused, counters.step, counters.epoch);
  for (;;) {
    mailbox_.waitWhilePaused();
    const auto commands = mailbox_.take();
    if (commands.lr) pendingLr_ = commands.lr;
    applyLr(/*leaving=*/false);
    if (commands.checkpoint) {
      checkpointer_.take({CheckpointKind::Manual}, /*proven=*/true);
      checkpointer_.hand();
    }
    if (commands.stop || !commands.pause) break;
  }
  stopwatch_.goOn();
}

std::optional<Trainer::Ending> Trainer::obey() {
  auto& counters = learner_.counters;
  const auto commands = mailbox_.take();
  if (commands.lr) pendingLr_ = commands.lr;
  applyLr(commands.stop);
  checkpointWanted_ |= commands.checkpoint;
  if (commands.pause && !commands.stop) {
    save(CheckpointKind::Manual);
    checkpointWanted_ = false;
    waitPaused();
    if (!mailbox_.stopping()) reporter_.enter(SessionState::Training, counters.step, counters.epoch);
  }
  if (!mailbox_.stopping()) return {};
  applyLr(/*leaving=*/true);
  save(CheckpointKind::Manual);
  return Ending{SessionState::Stopped, "stopped"};
}

}  // namespace cairn::engine
