#include "ui/chart/run_clock.h"

#include <algorithm>

namespace cairn::ui {

void RunClock::setOrigin(std::int64_t step, double epochs, double seconds) {
  origin_ = {static_cast<double>(step), seconds};
  originEpochs_ = epochs;
  if (knots_.empty()) newest_ = origin_;
}

void RunClock::add(std::int64_t step, std::int64_t epoch, double seconds) {
  const auto at = static_cast<double>(step);
  if (at <= newest_.step) return;
  if (lastEpoch_ >= 0 && epoch > lastEpoch_) {
    if (lastBoundary_ >= 0) measuredStepsPerEpoch_ = (at - lastBoundary_) / static_cast<double>(epoch - lastEpoch_);
    if (lastBoundary_ < 0 && measuredStepsPerEpoch_ == 0 && lastEpoch_ == 0) measuredStepsPerEpoch_ = at - 1;
    lastBoundary_ = at;
  }
  lastEpoch_ = epoch;
  newest_ = {at, std::max(seconds, newest_.seconds)};
  if (knots_.empty() || at - knots_.back().step >= kKnotSteps) knots_.push_back(newest_);
}

double RunClock::epochLength() const {
  return stepsPerEpoch() > 0 ? stepsPerEpoch() : std::max(1.0, newest_.step - origin_.step + 1);
}

double RunClock::x(double step, XAxis::Unit unit) const {
  switch (unit) {
    case XAxis::Unit::Step: return step;
    case XAxis::Unit::Epoch: return originEpochs_ + (step - origin_.step) / epochLength();
    case XAxis::Unit::Time: return secondsAt(step);
  }
  return step;
}

double RunClock::step(double x, XAxis::Unit unit) const {
  switch (unit) {
    case XAxis::Unit::Step: return x;
    case XAxis::Unit::Epoch: return origin_.step + (x - originEpochs_) * epochLength();
    case XAxis::Unit::Time: return stepAtSeconds(x);
  }
  return x;
}

double RunClock::pace() const {
  const double steps = newest_.step - origin_.step;
  const double seconds = newest_.seconds - origin_.seconds;
  return steps > 0 && seconds > 0 ? seconds / steps : 1e-3;
}

double RunClock::secondsAt(double step) const {
  const auto after = std::lower_bound(knots_.begin(), knots_.end(), step,
                                      [](const Knot& knot, double at) { return knot.step < at; });
  const Knot low = after == knots_.begin() ? origin_ : *std::prev(after);
  const Knot high = after == knots_.end() ? newest_ : *after;
  if (step > newest_.step || high.step <= low.step) return newest_.seconds + (step - newest_.step) * pace();
  return low.seconds + (high.seconds - low.seconds) * (step - low.step) / (high.step - low.step);
}

double RunClock::stepAtSeconds(double seconds) const {
  const auto after = std::lower_bound(knots_.begin(), knots_.end(), seconds,
                                      [](const Knot& knot, double at) { return knot.seconds < at; });
  const Knot low = after == knots_.begin() ? origin_ : *std::prev(after);
  const Knot high = after == knots_.end() ? newest_ : *after;
  if (seconds > newest_.seconds) return newest_.step + (seconds - newest_.seconds) / pace();
  if (high.seconds <= low.seconds) return high.step;
  return low.step + (high.step - low.step) * (seconds - low.seconds) / (high.seconds - low.seconds);
}

}  // namespace cairn::ui
