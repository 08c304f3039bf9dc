#include "ui/x_axis.h"

namespace cairn::ui {

void XAxis::setUnit(Unit unit) {
  if (unit == unit_) return;
  unit_ = unit;
  follows_ = true;
  crossHair_.reset();
  Q_EMIT unitChanged();
  Q_EMIT fitRequested();
}

void XAxis::setRange(double lower, double upper) {
  if (!(upper > lower)) return;
  follows_ = false;
  if (lower == lower_ && upper == upper_) return;
  lower_ = lower;
  upper_ = upper;
  Q_EMIT rangeChanged();
}

void XAxis::fitTo(double lower, double upper) {
  if (!follows_ || !(upper > lower) || (lower == lower_ && upper == upper_)) return;
  lower_ = lower;
  upper_ = upper;
  Q_EMIT rangeChanged();
}

void XAxis::fit() {
  follows_ = true;
  Q_EMIT fitRequested();
}

void XAxis::setCrossHair(std::optional<double> x) {
  if (x == crossHair_) return;
  crossHair_ = x;
  Q_EMIT crossHairChanged();
}

}  // namespace cairn::ui
