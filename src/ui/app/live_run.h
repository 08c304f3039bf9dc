// The run that this process trains, as its newest events tell it: a value, kept by the training controller.
#pragma once

#include <QElapsedTimer>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/events.h"

namespace cairn::ui {

struct LiveRun {
  std::string run;  ///< id; "" while nothing trains
  core::SessionState state = core::SessionState::Idle;
  std::string phase;  ///< what is being done that is not a training step; "" while steps are taken
  std::int64_t phaseDone = 0, phaseTotal = 0;
  core::TrainingStarted plan;  ///< totalSteps is 0 before training began
  std::int64_t step = 0, epoch = 0;
  std::int64_t recordedStep = 0;  ///< newest on record as training began: steps up to it are repeated; 0: not known
  double seconds = 0;         ///< of training
  double stepsPerSecond = 0;  ///< over the last few seconds; 0: not known yet
  std::map<core::Series, double> latest;

  bool trains() const { return state == core::SessionState::Training || state == core::SessionState::Validating; }
  /// Seconds of training that are left at the present speed; negative: not known.
  double secondsLeft() const;
};

/// Steps a second over a sliding window of the clock on the wall.
class SpeedMeter {
 public:
  void reset();
  double add(std::int64_t step);

 private:
  QElapsedTimer clock_;
  std::deque<std::pair<qint64, std::int64_t>> samples_;  // milliseconds, step
};

}  // namespace cairn::ui
