// What the chart shows right now: curves, marks and the cross-hair, in axis coordinates. A value.
#pragma once

#include <QColor>
#include <QPointF>
#include <QString>
#include <optional>
#include <string>
#include <vector>

#include "core/series.h"
#include "ui/chart/curve_columns.h"
#include "ui/chart/value_card.h"

namespace cairn::ui {

struct DrawnCurve {
  const SeriesCurve* curve = nullptr;
  const RunClock* clock = nullptr;
  std::string run;  ///< whose curve is shown: a branch, where the parent's part is drawn for it
  core::Series series = core::Series::TrainLoss;
  QString name;
  QColor color;
  bool dashed = false;
  bool inherited = false;  ///< the parent's part of a branch: lighter
  StepRange range;
  double shift = 0;  ///< the x of its own that stands at the axis' 0
  bool quiet = false;  ///< one of a crowd: a thin line without its band
  std::string owner = {};  ///< the run whose steps these are: the parent, of an inherited part
};

struct ChartMark {
  std::string run, checkpoint;
  double x = 0, y = 0;
  QColor color;
  bool best = false, selected = false;
};

struct ChartScene {
  std::vector<DrawnCurve> curves;
  std::vector<ChartMark> marks;
  std::optional<double> crossHair;
  ValueCard card;
  XAxis::Unit unit = XAxis::Unit::Step;
};

}  // namespace cairn::ui
