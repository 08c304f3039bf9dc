// Where a run's steps stand on the x axis: as steps, as epochs and as seconds of training. GUI thread.
#pragma once

#include <cstdint>
#include <vector>

#include "ui/x_axis.h"

namespace cairn::ui {

class RunClock {
 public:
  /// Where the run's own steps begin: its parent's epoch and seconds at the branch step.
  void setOrigin(std::int64_t step, double epochs, double seconds);
  void setStepsPerEpoch(double steps) { stepsPerEpoch_ = steps; }  ///< 0: not known
  /// Points as they were measured, ascending; most are passed over.
  void add(std::int64_t step, std::int64_t epoch, double seconds);

  double stepsPerEpoch() const { return stepsPerEpoch_ > 0 ? stepsPerEpoch_ : measuredStepsPerEpoch_; }
  double x(double step, XAxis::Unit unit) const;
  double step(double x, XAxis::Unit unit) const;  ///< the inverse of x()

 private:
  struct Knot {
    double step = 0, seconds = 0;
  };
  static constexpr std::int64_t kKnotSteps = 64;  ///< seconds between knots are interpolated

  double epochLength() const;
  double secondsAt(double step) const;
  double stepAtSeconds(double seconds) const;
  double pace() const;  ///< seconds a step, for steps after the last knot

  std::vector<Knot> knots_;  ///< ascending in both
  Knot origin_, newest_;
  double originEpochs_ = 0;
  double stepsPerEpoch_ = 0, measuredStepsPerEpoch_ = 0;
  std::int64_t lastEpoch_ = -1;
  double lastBoundary_ = -1;
};

}  // namespace cairn::ui
