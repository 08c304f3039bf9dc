#include "engine/optim/epoch_schedulers.h"

#include <cmath>
#include <numbers>

#include "core/error.h"

namespace cairn::engine {

namespace {

/// The one value of a list such as base_lrs: Cairn's optimizers have one group.
std::optional<double> single(const core::StateTree& saved, const char* key) {
  const auto* child = saved.find(key);
  const auto* list = child ? child->as<core::StateTree::List>() : nullptr;
  if (!list || list->empty()) return {};
  return list->front().asNumber();
}

}  // namespace

double EpochScheduler::step(double lr, double /*monitored*/) {
  ++stepCount_;
  ++lastEpoch_;
  lastLr_ = next(lr);
  return lastLr_;
}

core::StateTree EpochScheduler::stateDict() const {
  auto state = core::StateTree::dict();
  saveOptions(state);
  state.set("base_lrs", core::StateTree::List{baseLr_});
  state.set("last_epoch", lastEpoch_);
  state.set("verbose", false);
  state.set("_step_count", stepCount_);
  state.set("_get_lr_called_within_step", false);
  state.set("_last_lr", core::StateTree::List{lastLr_});
  return state;
}

void EpochScheduler::loadStateDict(const core::StateTree& saved) {
  loadOptions(saved);
  lastEpoch_ = saved.integer("last_epoch");
  stepCount_ = saved.find("_step_count") ? saved.integer("_step_count") : lastEpoch_ + 1;
  baseLr_ = single(saved, "base_lrs").value_or(baseLr_);
  lastLr_ = single(saved, "_last_lr").value_or(baseLr_);
}

double StepScheduler::next(double lr) const { return lastEpoch_ % options_.stepSize != 0 ? lr : lr * options_.gamma; }

void StepScheduler::saveOptions(core::StateTree& state) const {
  state.set("step_size", options_.stepSize);
  state.set("gamma", options_.gamma);
}

void StepScheduler::loadOptions(const core::StateTree& saved) {
  options_ = {.stepSize = saved.integer("step_size"), .gamma = saved.number("gamma")};
  if (options_.stepSize <= 0)
    throw Error("lr_scheduler_state_dict", "step_size is not positive", "choose another checkpoint");
}

double ExponentialScheduler::next(double lr) const { return lr * options_.gamma; }

void ExponentialScheduler::saveOptions(core::StateTree& state) const { state.set("gamma", options_.gamma); }

void ExponentialScheduler::loadOptions(const core::StateTree& saved) { options_.gamma = saved.number("gamma"); }

double CosineScheduler::next(double lr) const {
  const auto tMax = static_cast<double>(options_.tMax);
  const auto epoch = static_cast<double>(lastEpoch_);
  // At the minimum the recursion would divide by zero: a new rise starts there.
  if ((lastEpoch_ - 1 - options_.tMax) % (2 * options_.tMax) == 0)
    return lr + (baseLr_ - options_.etaMin) * (1 - std::cos(std::numbers::pi / tMax)) / 2;
  return (1 + std::cos(std::numbers::pi * epoch / tMax)) / (1 + std::cos(std::numbers::pi * (epoch - 1) / tMax)) *
             (lr - options_.etaMin) +
         options_.etaMin;
}

void CosineScheduler::saveOptions(core::StateTree& state) const {
  state.set("T_max", options_.tMax);
  state.set("eta_min", options_.etaMin);
}

void CosineScheduler::loadOptions(const core::StateTree& saved) {
  options_ = {.tMax = saved.integer("T_max"), .etaMin = saved.number("eta_min")};
  if (options_.tMax <= 0) throw Error("lr_scheduler_state_dict", "T_max is not positive", "choose another checkpoint");
}

}  // namespace cairn::engine
