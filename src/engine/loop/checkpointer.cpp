#include "engine/loop/checkpointer.h"

#include <array>
#include <string>

#include "core/text.h"
#include "engine/checkpoint_keys.h"
#include "engine/loop/learner_state.h"

namespace cairn::engine {

namespace {

using Clock = std::chrono::steady_clock;
using core::CheckpointKind;

/// The weightiest role names the kind.
CheckpointKind kindOf(const Roles& roles) {
  for (const auto kind : {CheckpointKind::Recreated, CheckpointKind::Final, CheckpointKind::Best, CheckpointKind::Manual})
    if (roles.contains(kind)) return kind;
  return CheckpointKind::Periodic;
}

double secondsSince(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

core::CheckpointRecord recordOf(const Learner& learner, const std::string& run) {
  core::CheckpointRecord record;
  record.id = core::newId();
  record.run = run;
  record.step = learner.counters.step;
  record.epoch = learner.counters.epoch;
  record.loss = learner.counters.loss;
  record.metrics = newestMetrics(learner.counters);
  record.monitored = learner.counters.monitored;
  record.createdAt = core::nowIso8601();
  return record;
}

bool isFinalFile(const core::StateTree& file) {
  const auto* cairn = file.find(keys::kCairn);
  const auto* kind = cairn ? cairn->find(keys::kKind) : nullptr;
  const auto* text = kind ? kind->as<std::string>() : nullptr;
  return text && *text == core::toText(CheckpointKind::Final);
}

}  // namespace

Checkpointer::Checkpointer(const Learner& learner, const SessionOptions& options, Reporter& reporter)
    : learner_(learner), options_(options), reporter_(reporter), lastTime_(Clock::now()) {
  const auto& counters = learner.counters;
  if (options.from) lastGoodStep_ = counters.step;
  // What the run goes on from needs no second checkpoint, nor does its beginning; a branch has none of its own yet.
  if (!options.branch)
    taken_ = Taken{counters.step, counters.phase, counters.lr, options.from && isFinalFile(*options.from)};
}

bool Checkpointer::takenHere() const {
  const auto& counters = learner_.counters;
  return taken_ && taken_->step == counters.step && taken_->phase == counters.phase && taken_->lr == counters.lr;
}

void Checkpointer::take(const Roles& roles, bool proven) {
  if (begun_ && takenHere()) {
    begun_->roles.insert(roles.begin(), roles.end());
    begun_->proven |= proven;
  } else {
    hand();
    const auto begin = Clock::now();
    begun_.emplace(Begun{{}, recordOf(learner_, options_.runId), roles, proven, 0});
    const CheckpointLabel label{.id = begun_->record.id,
                                .run = options_.runId,
                                .parent = options_.parentCheckpoint,
                                .createdAt = begun_->record.createdAt};
    begun_->tree = snapshotter_.begin([&](const TensorCapture& steady, const TensorCapture& moving) {
      return checkpointTree(learner_, label, steady, moving);
    });
    begun_->stallSeconds = secondsSince(begin);
  }
  lastTime_ = Clock::now();
  taken_ = Taken{learner_.counters.step, learner_.counters.phase, learner_.counters.lr,
                 begun_->roles.contains(CheckpointKind::Final)};
}

void Checkpointer::ensure(CheckpointKind role) {
  if (!takenHere() || begun_ || (role == CheckpointKind::Final && !taken_->final)) take({role}, /*proven=*/true);
  hand();
}

void Checkpointer::hand() {
  if (!begun_) return;
  const auto begin = Clock::now();
  snapshotter_.finish();
  auto begun = std::move(*begun_);
  begun_.reset();
  auto& record = begun.record;
  record.kind = kindOf(begun.roles);
  for (const auto role : begun.roles) record.roles.emplace(core::toText(role));
  begun.tree.find(keys::kCairn)->set(keys::kKind, std::string(core::toText(record.kind)));
  lastGoodStep_ = record.step;
  const double stall = begun.stallSeconds + secondsSince(begin);
  reporter_.post(
      core::CheckpointTaken{std::move(record), std::make_shared<const core::StateTree>(std::move(begun.tree)), stall});
}

void Checkpointer::discardUnproven() {
  if (!begun_) return;
  if (begun_->proven) return hand();
  snapshotter_.finish();
  begun_.reset();
}

bool Checkpointer::dueBySeconds() const {
  const double every = learner_.spec.checkpoints.everySeconds;
  return every > 0 && secondsSince(lastTime_) >= every;
}

}  // namespace cairn::engine
