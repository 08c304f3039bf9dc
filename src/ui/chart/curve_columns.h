// What a curve comes to on a screen: one summary a pixel column, or the points themselves where they stand wider apart.
// Pure functions.
#pragma once

#include <vector>

#include "ui/chart/run_clock.h"
#include "ui/chart/series_curve.h"

namespace cairn::ui {

/// The stretch of x in sight, as pixels of a plot's width.
struct Window {
  double lower = 0, upper = 1;
  int width = 1;
  XAxis::Unit unit = XAxis::Unit::Step;

  double pixel(double x) const { return (x - lower) / (upper - lower) * width; }
};

/// The steps of a curve that are drawn: (after, last].
struct StepRange {
  double after = 0;
  double last = 1e18;
};

struct Column {
  double pixel = 0;   ///< from the plot's left edge
  Summary raw;
  float smooth = 0;   ///< the newest smoothed value in it; NaN in a gap
};

struct Columns {
  bool points = false;  ///< each column is one point, and its neighbours beyond the edges are there too
  std::vector<Column> columns;
};

Columns columnsOf(const SeriesCurve& curve, const RunClock& clock, const Window& window, StepRange range);
/// Extremes of what is in sight.
Summary summaryOf(const SeriesCurve& curve, const RunClock& clock, const Window& window, StepRange range);

}  // namespace cairn::ui
