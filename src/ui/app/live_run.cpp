#include "ui/app/live_run.h"

namespace cairn::ui {

namespace {
constexpr qint64 kWindow = 3000;  // milliseconds that the speed is measured over
}

double LiveRun::secondsLeft() const {
  if (stepsPerSecond <= 0 || plan.totalSteps <= 0) return -1;
  return static_cast<double>(plan.totalSteps - step) / stepsPerSecond;
}

void SpeedMeter::reset() {
  samples_.clear();
  clock_.start();
}

double SpeedMeter::add(std::int64_t step) {
  if (!clock_.isValid()) clock_.start();
  const auto now = clock_.elapsed();
  samples_.emplace_back(now, step);
  while (samples_.size() > 2 && samples_.front().first < now - kWindow) samples_.pop_front();
  const auto milliseconds = now - samples_.front().first;
  if (milliseconds <= 0) return 0;
  return static_cast<double>(step - samples_.front().second) * 1000.0 / static_cast<double>(milliseconds);
}

}  // namespace cairn::ui
