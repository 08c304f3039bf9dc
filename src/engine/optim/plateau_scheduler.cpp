#include "engine/optim/plateau_scheduler.h"

#include <algorithm>
#include <limits>

namespace cairn::engine {

namespace {

double worst(core::Mode mode) {
  const double infinity = std::numeric_limits<double>::infinity();
  return mode == core::Mode::Min ? infinity : -infinity;
}

}  // namespace

PlateauScheduler::PlateauScheduler(double initialLr, core::ReduceLROnPlateau options)
    : options_(options), best_(worst(options.mode)), lastLr_(initialLr) {}

bool PlateauScheduler::isBetter(double value) const {
  const bool smaller = options_.mode == core::Mode::Min;
  if (options_.relativeThreshold)
    return smaller ? value < best_ * (1 - options_.threshold) : value > best_ * (options_.threshold + 1);
  return smaller ? value < best_ - options_.threshold : value > best_ + options_.threshold;
}

double PlateauScheduler::reduced(double lr) const {
  const double lower = std::max(lr * options_.factor, options_.minLr);
  return lr - lower > options_.eps ? lower : lr;
}

double PlateauScheduler::step(double lr, double monitored) {
  ++lastEpoch_;
  if (isBetter(monitored)) {
    best_ = monitored;
    badEpochs_ = 0;
  } else {
    ++badEpochs_;
  }
  if (cooldownLeft_ > 0) {
    --cooldownLeft_;
    badEpochs_ = 0;
  }
  lastLr_ = lr;
  if (badEpochs_ > options_.patience) {
    lastLr_ = reduced(lr);
    cooldownLeft_ = options_.cooldown;
    badEpochs_ = 0;
  }
  return lastLr_;
}

core::StateTree PlateauScheduler::stateDict() const {
  auto state = core::StateTree::dict();
  state.set("factor", options_.factor);
  state.set("min_lrs", core::StateTree::List{options_.minLr});
  state.set("patience", options_.patience);
  state.set("verbose", false);
  state.set("cooldown", options_.cooldown);
  state.set("cooldown_counter", cooldownLeft_);
  state.set("mode", options_.mode == core::Mode::Min ? "min" : "max");
  state.set("threshold", options_.threshold);
  state.set("threshold_mode", options_.relativeThreshold ? "rel" : "abs");
  state.set("best", best_);
  state.set("num_bad_epochs", badEpochs_);
  state.set("mode_worse", worst(options_.mode));
  state.set("eps", options_.eps);
  state.set("last_epoch", lastEpoch_);
  state.set("_last_lr", core::StateTree::List{lastLr_});
  return state;
}

void PlateauScheduler::loadStateDict(const core::StateTree& saved) {
  // The options are the spec's: they change only by a branch, which then starts its schedule afresh.
  best_ = saved.number("best");
  badEpochs_ = saved.integer("num_bad_epochs");
  cooldownLeft_ = saved.integer("cooldown_counter");
  lastEpoch_ = saved.integer("last_epoch");
  if (const auto* last = saved.find("_last_lr"); last && last->as<core::StateTree::List>())
    if (const auto& list = *last->as<core::StateTree::List>(); !list.empty())
      lastLr_ = list.front().asNumber().value_or(lastLr_);
}

}  // namespace cairn::engine
