#include "ui/report/report_chart.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/chart/axis_ticks.h"

namespace cairn::ui {

namespace {

constexpr double kLeft = 58, kRight = 10, kTop = 26,
                 kBottom = 26;   // around the axes, for the labels
constexpr double kLogFrom = 32;  // largest over smallest
constexpr double kLine = 18, kGap = 6, kBetween = 16;
const QColor kGrid(0xe4e6eb), kBase(0xb9bdc7), kText(0x1d2026), kMuted(0x5f6470);

struct Axes {
  QRectF area;
  double firstStep = 0, lastStep = 1, lower = 0, upper = 1;
  bool logarithmic = false;

  double x(double step) const { return area.left() + (step - firstStep) / (lastStep - firstStep) * area.width(); }
  double y(double value) const {
    const double part =
        logarithmic ? std::log(value / lower) / std::log(upper / lower) : (value - lower) / (upper - lower);
    return area.bottom() - part * area.height();
  }
  bool takes(double value) const { return std::isfinite(value) && (!logarithmic || value > 0); }
};

Axes axesOf(const QRectF& area, const std::vector<ReportCurve>& curves) {
  constexpr double kFar = std::numeric_limits<double>::infinity();
  Axes axes{.area = area.adjusted(kLeft, kTop, -kRight, -kBottom)};
  double lower = kFar, upper = -kFar, leastPositive = kFar;
  for (const auto& curve : curves) {
    if (!curve.steps.empty()) axes.lastStep = std::max(axes.lastStep, static_cast<double>(curve.steps.back()));
    for (const auto value : curve.values) {
      if (!std::isfinite(value)) continue;
      lower = std::min(lower, value);
      upper = std::max(upper, value);
      if (value > 0) leastPositive = std::min(leastPositive, value);
    }
  }
  if (!(lower <= upper)) return axes;
  axes.logarithmic = lower > 0 && upper / lower > kLogFrom;
  const double room = upper > lower ? (upper - lower) * 0.05 : std::max(std::abs(upper) * 0.1, 1e-9);
  axes.lower = axes.logarithmic ? leastPositive / 1.15 : lower - room;
  axes.upper = axes.logarithmic ? upper * 1.15 : upper + room;
  return axes;
}

void paintGrid(QPainter& painter, const Axes& axes) {
  const QFontMetricsF metrics(painter.font());
  const auto width = static_cast<int>(axes.area.width()), height = static_cast<int>(axes.area.height());
  for (const auto& tick : yTicks(axes.lower, axes.upper, height, axes.logarithmic)) {
    const double y = axes.y(tick.at);
    painter.setPen(QPen(kGrid, 1));
    painter.drawLine(QPointF(axes.area.left(), y), QPointF(axes.area.right(), y));
    painter.setPen(kMuted);
    painter.drawText(
        QPointF(axes.area.left() - 8 - metrics.horizontalAdvance(tick.label), y + metrics.ascent() / 2 - 1),
        tick.label);
  }
  for (const auto& tick : xTicks(axes.firstStep, axes.lastStep, width, XAxis::Unit::Step)) {
    const double x = axes.x(tick.at), half = metrics.horizontalAdvance(tick.label) / 2;
    painter.setPen(kMuted);
    painter.drawText(
        QPointF(std::min(x - half, axes.area.right() - 2 * half), axes.area.bottom() + metrics.ascent() + 7),
        tick.label);
  }
  painter.setPen(QPen(kBase, 1));
  painter.drawLine(axes.area.bottomLeft(), axes.area.bottomRight());
}

/// What falls on one point of the paper.
struct Spot {
  double x = 0, low = 0, high = 0, sum = 0;
  std::int64_t count = 0;

  double mean() const { return sum / static_cast<double>(count); }
};

/// Stretches without a gap.
std::vector<std::vector<Spot>> spotsOf(const ReportCurve& curve, const Axes& axes) {
  std::vector<std::vector<Spot>> stretches(1);
  for (std::size_t i = 0; i < curve.steps.size(); ++i) {
    const double value = curve.values[i];
    auto& spots = stretches.back();
    if (!axes.takes(value)) {
      if (!spots.empty()) stretches.emplace_back();
      continue;
    }
    const double x = axes.x(static_cast<double>(curve.steps[i]));
    if (spots.empty() || x - spots.back().x >= 1) {
      spots.push_back({x, value, value, value, 1});
      continue;
    }
    auto& spot = spots.back();
    spot.low = std::min(spot.low, value);
    spot.high = std::max(spot.high, value);
    spot.sum += value;
    ++spot.count;
  }
  return stretches;
}

void paintStretch(QPainter& painter, const Axes& axes, const ReportCurve& curve, const std::vector<Spot>& spots) {
  if (spots.empty()) return;
  const bool dense = std::any_of(spots.begin(), spots.end(), [](const Spot& spot) { return spot.count > 1; });
  QPolygonF line, band;
  for (const auto& spot : spots) line << QPointF(spot.x, axes.y(spot.mean()));
  if (dense) {
    for (const auto& spot : spots) band << QPointF(spot.x, axes.y(spot.high));
    for (auto spot = spots.rbegin(); spot != spots.rend(); ++spot) band << QPointF(spot->x, axes.y(spot->low));
    auto light = curve.color;
    light.setAlphaF(0.22f);
    painter.setPen(QPen(light, 0.5));
    painter.setBrush(light);
    painter.drawPolygon(band);
    painter.setBrush(Qt::NoBrush);
  }
  QPen pen(curve.color, 1.5, curve.dashed ? Qt::DashLine : Qt::SolidLine, Qt::FlatCap, Qt::BevelJoin);
  painter.setPen(pen);
  if (line.size() > 1) painter.drawPolyline(line);
  painter.setBrush(curve.color);
  if (line.size() <= 12)
    for (const auto& point : line) painter.drawEllipse(point, 1.8, 1.8);
  painter.setBrush(Qt::NoBrush);
}

void paintLegend(QPainter& painter, const QRectF& area, const std::vector<ReportCurve>& curves) {
  const QFontMetricsF metrics(painter.font());
  double x = area.left() + kLeft;
  const double middle = area.top() + 10;
  for (const auto& curve : curves) {
    painter.setPen(QPen(curve.color, 2, curve.dashed ? Qt::DashLine : Qt::SolidLine, Qt::FlatCap));
    painter.drawLine(QPointF(x, middle), QPointF(x + kLine, middle));
    x += kLine + kGap;
    painter.setPen(kText);
    painter.drawText(QPointF(x, middle + metrics.ascent() / 2 - 1), curve.name);
    x += metrics.horizontalAdvance(curve.name) + kBetween;
  }
}

}  // namespace

void paintReportChart(QPainter& painter, const QRectF& area, const std::vector<ReportCurve>& curves) {
  painter.setRenderHint(QPainter::Antialiasing);
  const auto axes = axesOf(area, curves);
  paintGrid(painter, axes);
  for (const auto& curve : curves)
    for (const auto& spots : spotsOf(curve, axes)) paintStretch(painter, axes, curve, spots);
  paintLegend(painter, area, curves);
}

}  // namespace cairn::ui
