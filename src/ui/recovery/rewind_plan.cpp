#include "ui/recovery/rewind_plan.h"

#include <algorithm>
#include <cmath>
#include <QObject>

#include "core/text.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

constexpr double kSpikeFactor = 3;
constexpr std::size_t kFew = 3;   // values that say nothing of what is usual
constexpr std::size_t kLook = 8;  // checkpoints back

/// What the checkpoint is judged by: the validation's loss if it has one, as a single batch's is noisy.
std::optional<double> lossOf(const core::CheckpointRecord& checkpoint) {
  const auto validation = checkpoint.metrics.find("val/loss");
  return validation != checkpoint.metrics.end() ? std::optional(validation->second) : checkpoint.loss;
}

}  // namespace

bool isSpike(double value, const std::vector<double>& before) {
  if (!std::isfinite(value)) return true;
  if (before.size() < kFew) return false;
  auto sorted = before;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  return *middle > 0 && value >= kSpikeFactor * *middle;
}

std::vector<core::CheckpointRecord> usableCheckpoints(const HomeSnapshot& snapshot, const std::string& run) {
  std::vector<core::CheckpointRecord> list;
  for (const auto& checkpoint : snapshot.checkpointsOf(run)) {
    if (checkpoint.state == core::CheckpointState::Ready) list.push_back(checkpoint);
  }
  std::reverse(list.begin(), list.end());
  return list;
}

std::size_t newestGood(const std::vector<core::CheckpointRecord>& newestFirst) {
  for (std::size_t at = 0; at < newestFirst.size(); ++at) {
    const auto loss = lossOf(newestFirst[at]);
    std::vector<double> before;
    for (auto older = at + 1; older < newestFirst.size() && before.size() < kLook; ++older) {
      const auto value = lossOf(newestFirst[older]);
      if (value && std::isfinite(*value)) before.push_back(*value);
    }
    if (!loss || !isSpike(*loss, before)) return at;
  }
  return 0;
}

QString whyNotRewind(const HomeSnapshot& snapshot, const core::RunRecord& run) {
  if (!snapshot.newestReady(run.id)) return QObject::tr("The run has no checkpoint that can be read.");
  if (run.status != core::RunStatus::Completed || newestGood(usableCheckpoints(snapshot, run.id)) > 0) return {};
  return QObject::tr("It trained to its end without a NaN or a spike: train it longer, or branch from a checkpoint.");
}

double lrAt(const core::RunRecord& run, const core::CheckpointRecord& checkpoint) {
  const auto recorded = checkpoint.metrics.find("lr");
  // While it warms up, a step's lr is a part of the one that the schedule carries.
  const bool warmsUp = checkpoint.step < run.spec.lrScheduler.warmupSteps;
  return recorded == checkpoint.metrics.end() || warmsUp ? core::learningRate(run.spec.optimizer) : recorded->second;
}

double suggestedLr(double lr) { return lr / 10; }

training::BranchOptions rewindOptions(const core::RunRecord& run, const core::CheckpointRecord& checkpoint, double lr) {
  training::BranchOptions options;
  const double before = lrAt(run, checkpoint);
  options.name = QStringLiteral("%1 rewound").arg(text(run.name)).toStdString();
  if (lr == before) return options;
  options.name = QStringLiteral("%1, lr %2 → %3").arg(text(run.name), number(before), number(lr)).toStdString();
  options.spec = core::withSettings(run.spec, {"optimizer.lr=" + core::roundTrip(lr)});
  options.lr = lr;
  return options;
}

}  // namespace cairn::ui
