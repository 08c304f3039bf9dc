// Where an axis is marked and what stands there: the same for the chart and the timeline below it. Pure functions.
#pragma once

#include <QString>
#include <vector>

#include "ui/x_axis.h"

namespace cairn::ui {

struct Tick {
  double at = 0;
  QString label;
};

/// About `pixels` / 90 round places in [lower, upper].
std::vector<Tick> xTicks(double lower, double upper, int pixels, XAxis::Unit unit);
/// 1, 2 and 5 of each decade on a logarithmic axis, fewer if many decades are in sight.
std::vector<Tick> yTicks(double lower, double upper, int pixels, bool logarithmic);

QString valueText(double value);                    ///< four significant digits: "0.0412", "2.3e-05", "nan"
QString xText(double x, XAxis::Unit unit);          ///< "step 3,100", "epoch 6.2", "00:41"

}  // namespace cairn::ui
