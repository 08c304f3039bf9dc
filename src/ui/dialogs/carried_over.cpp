#include "ui/dialogs/carried_over.h"

#include <QCoreApplication>
#include <algorithm>

#include "core/run_spec_rules.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

QString tr(const char* words) { return QCoreApplication::translate("cairn::ui::BranchDialog", words); }

class Changes {
 public:
  Changes(const core::RunSpec& before, const core::RunSpec& now) : list_(core::differences(before, now)) {}

  bool of(std::string_view key) const {
    return std::any_of(list_.begin(), list_.end(), [&](const auto& one) { return one.key == key; });
  }
  /// But for its lr, of which the state knows nothing.
  bool ofOptimizer() const {
    return std::any_of(list_.begin(), list_.end(), [](const auto& one) { return one.key.starts_with("optimizer.") && one.key != "optimizer.lr"; });
  }
  bool under(std::string_view part) const {
    return std::any_of(list_.begin(), list_.end(), [&](const auto& one) { return one.key.starts_with(part); });
  }

 private:
  std::vector<core::SettingDifference> list_;
};

bool isSource(std::string_view key) {
  return key == "data.path" || key == "data.images" || key == "data.labels";
}
bool isSplit(std::string_view key) { return key.starts_with("data.validation"); }

bool hasOtherSource(const Changes& changes) {
  return changes.of("data.path") || changes.of("data.images") || changes.of("data.labels");
}

Carried optimizerState(const core::CheckpointRecord& from, const core::RunSpec& before, const core::RunSpec& now,
                       const Changes& changes, bool reset) {
  const auto what = tr("Optimizer's state: moments and step counts");
  if (core::optimizerType(before.optimizer) != core::optimizerType(now.optimizer)) {
    return {what, false, tr("begins afresh: %1 cannot use that of %2").arg(text(core::optimizerType(now.optimizer)), text(core::optimizerType(before.optimizer)))};
  }
  if (reset) return {what, false, tr("begins afresh, as you asked")};
  if (from.kind == core::CheckpointKind::Averaged) return {what, false, tr("begins afresh: an average has a fresh optimizer")};
  return {what, true, changes.ofOptimizer() ? tr("made by the former settings: below it can begin afresh") : QString()};
}

/// Whether the branch goes past the T_max of its cosine schedule. A limit in steps says nothing of a T_max in epochs.
bool goesPastCosine(const core::CheckpointRecord& from, const core::RunSpec& before, const core::RunSpec& now,
                    const Changes& changes) {
  const auto* cosine = std::get_if<core::CosineAnnealingLR>(&now.lrScheduler.schedule);
  if (!cosine) return false;
  const auto& limit = now.training;
  const bool beginsAnew = changes.under("lr_scheduler");
  if (cosine->tMax > 0) return limit.epochs && *limit.epochs - (beginsAnew ? from.epoch : 0) > cosine->tMax;
  if (beginsAnew) return false;  // as long as the branch itself
  const auto& kept = before.training;
  return (limit.epochs && kept.epochs && *limit.epochs > *kept.epochs) || (limit.steps && kept.steps && *limit.steps > *kept.steps);
}

Carried rateItself(const core::CheckpointRecord& from, const core::RunSpec& now, const Changes& changes) {
  const auto what = tr("Learning rate");
  if (changes.under("lr_scheduler")) return {what, false, tr("the new schedule begins at %1").arg(number(core::learningRate(now.optimizer)))};
  if (changes.of("optimizer.lr")) {
    const bool scheduled = !core::schedulerType(now.lrScheduler).empty();
    const auto words = scheduled ? tr("%1 from the first step on, then the schedule goes on from it") : tr("%1 from the first step on");
    return {what, false, words.arg(number(core::learningRate(now.optimizer)))};
  }
  const auto lr = from.metrics.find("lr");
  return {what, true, lr == from.metrics.end() ? QString() : tr("goes on at %1").arg(number(lr->second))};
}

Carried learningRate(const core::CheckpointRecord& from, const core::RunSpec& before, const core::RunSpec& now,
                     const Changes& changes) {
  auto rate = rateItself(from, now, changes);
  if (!goesPastCosine(from, before, now, changes)) return rate;
  rate.how += (rate.how.isEmpty() ? QString() : QStringLiteral(". ")) + cosineRisesAgain();
  return rate;
}

/// Whether another part validates, and so another trains.
bool hasOtherSplit(const core::RunSpec& now, const Changes& changes) {
  return changes.of("data.validation_fraction") || (changes.of("training.seed") && core::seedDrawsSplit(now));
}

Carried position(const core::CheckpointRecord& from, const core::RunSpec& now, const Changes& changes) {
  const auto what = tr("Position in the data");
  if (hasOtherSource(changes)) return {what, false, tr("epoch %1 begins anew, if the data is other").arg(count(from.epoch + 1))};
  if (changes.of("training.seed")) return {what, false, tr("epoch %1 begins anew: another seed orders it otherwise").arg(count(from.epoch + 1))};
  if (hasOtherSplit(now, changes))
    return {what, false, tr("epoch %1 begins anew: other samples are trained on").arg(count(from.epoch + 1))};
  if (changes.of("data.shuffle")) return {what, false, tr("epoch %1 begins anew: in another order").arg(count(from.epoch + 1))};
  return {what, true, tr("epoch %1, after %2 steps in all").arg(count(from.epoch + 1), count(from.step))};
}

Carried bestValue(const core::CheckpointRecord& from, const core::RunSpec& now, const Changes& changes) {
  const auto what = tr("Best value and patience");
  if (hasOtherSource(changes)) return {what, false, tr("begin anew, if the data is other")};
  if (hasOtherSplit(now, changes)) return {what, false, tr("begin anew: measured on another validation part")};
  if (changes.of("checkpoints.monitor") || changes.of("checkpoints.mode")) return {what, false, tr("begin anew: another value is watched")};
  if (from.kind == core::CheckpointKind::Averaged) return {what, false, tr("begin anew: an average has no past")};
  return {what, true, {}};
}

}  // namespace

std::vector<Carried> carriedOver(const core::CheckpointRecord& from, const core::RunSpec& before, const core::RunSpec& now,
                                 bool resetOptimizer) {
  const Changes changes(before, now);
  const auto random = tr("Random state");
  return {{tr("Weights and buffers"), true, tr("of step %1").arg(count(from.step))},
          optimizerState(from, before, now, changes, resetOptimizer),
          learningRate(from, before, now, changes),
          changes.of("training.seed") ? Carried{random, false, tr("begins anew: another seed")} : Carried{random, true, {}},
          position(from, now, changes),
          bestValue(from, now, changes)};
}

QString meaningOf(const std::string& key, const core::RunSpec& before) {
  if (isSource(key)) return tr("Other data: the epoch begins anew, and losses before and after do not compare.");
  if (isSplit(key)) return tr("Another validation part: what is validated on now may have been trained on before.");
  if (key == "data.normalize") return tr("The weights were trained on inputs that were scaled otherwise.");
  if (key == "data.shuffle") return tr("The samples come in another order from here on: the epoch begins anew.");
  if (key == "training.batch_size") {
    return tr("Step counts go on, but an epoch has another number of steps, and each averages over other many samples: "
              "the learning rate often goes with it.");
  }
  if (key == "training.seed") {
    return core::seedDrawsSplit(before) ? tr("Another order, other dropout, and another validation part: some of it was trained on before.")
                                              : tr("Another order of the data and other dropout from here on.");
  }
  if (key == "training.device" || key == "training.threads") return tr("Results differ from the parent's in the last bits.");
  if (key == "loss") return tr("Losses before and after do not compare.");
  if (key == "checkpoints.monitor" || key == "checkpoints.mode") return tr("The best value begins anew.");
  return {};
}

QString cosineRisesAgain() {
  return tr("The cosine schedule keeps the T_max that it began with: past it the learning rate rises again.");
}

QString whyNothingToTrain(const core::CheckpointRecord& from, const core::RunSpec& now, std::string& key) {
  const auto& training = now.training;
  if (training.epochs && *training.epochs <= from.epoch) {
    key = "training.epochs";
    return tr("The checkpoint has %1 behind it already: ask for more.").arg(epochs(from.epoch));
  }
  if (training.steps && *training.steps <= from.step) {
    key = "training.steps";
    return tr("The checkpoint has %1 steps behind it already: ask for more.").arg(count(from.step));
  }
  return {};
}

}  // namespace cairn::ui
