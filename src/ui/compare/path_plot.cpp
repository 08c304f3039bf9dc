#include "ui/compare/path_plot.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/chart/axis_ticks.h"
#include "ui/chart/plot_margins.h"
#include "ui/chart/value_card.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kTop = 14, kBottom = 34;
constexpr double kDot = 3, kEnd = 5;
}  // namespace

PathPlot::PathPlot(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  setMouseTracking(true);
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Loss along the line between two checkpoints"));
}

void PathPlot::begin(const End& from, const End& to) {
  points_.clear();
  hovered_ = -1;
  setEnds(from, to);
}

void PathPlot::setEnds(const End& from, const End& to) {
  from_ = from;
  to_ = to;
  update();
}

void PathPlot::add(const core::PathPoint& point) {
  const auto at =
      std::lower_bound(points_.begin(), points_.end(), point.t, [](const auto& one, double t) { return one.t < t; });
  if (at != points_.end() && at->t == point.t)
    *at = point;
  else
    points_.insert(at, point);
  update();
}

void PathPlot::setAccuracy(bool accuracy) {
  accuracy_ = accuracy;
  update();
}

double PathPlot::value(const core::PathPoint& point) const {
  return accuracy_ ? point.accuracy.value_or(std::nan("")) : point.loss;
}

PathPlot::Range PathPlot::range() const {
  Range seen{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (const auto& point : points_) {
    if (!std::isfinite(value(point))) continue;
    seen.lower = std::min(seen.lower, value(point));
    seen.upper = std::max(seen.upper, value(point));
  }
  if (!(seen.lower <= seen.upper)) return {};
  const double room =
      seen.upper > seen.lower ? (seen.upper - seen.lower) * 0.08 : std::max(std::abs(seen.upper) * 0.1, 1e-9);
  return {seen.lower - room, seen.upper + room};
}

QRect PathPlot::area() const { return rect().adjusted(kPlotLeft, kTop, -kPlotRight, -kBottom); }

QPointF PathPlot::place(const core::PathPoint& point, const Range& seen) const {
  const auto plot = area();
  return {plot.left() + point.t * plot.width(),
          plot.bottom() - (value(point) - seen.lower) / (seen.upper - seen.lower) * plot.height()};
}

void PathPlot::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  if (points_.empty()) return;
  const auto seen = range();
  paintAxes(painter, seen);
  paintCurve(painter, seen);
  paintHovered(painter, seen);
  if (!hasFocus()) return;
  painter.setPen(QPen(Theme::instance().colors().accent, 1, Qt::DotLine));
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(QRectF(area()).adjusted(-0.5, -0.5, 0.5, 0.5));
}

void PathPlot::paintAxes(QPainter& painter, const Range& seen) const {
  const auto& colors = Theme::instance().colors();
  const auto plot = area();
  for (const auto& tick : yTicks(seen.lower, seen.upper, plot.height(), false)) {
    const double y = plot.bottom() - (tick.at - seen.lower) / (seen.upper - seen.lower) * plot.height();
    painter.setPen(colors.grid);
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    painter.setPen(colors.mutedText);
    const auto label = accuracy_ ? percent(tick.at) : tick.label;
    painter.drawText(QRectF(0, y - 10, kPlotLeft - 8, 20), Qt::AlignRight | Qt::AlignVCenter, label);
  }
  painter.setPen(colors.border);
  painter.drawLine(plot.bottomLeft(), plot.bottomRight());
  for (const double t : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const QRectF foot(plot.left() + t * plot.width() - 60, plot.bottom() + 6, 120, 20);
    const bool isEnd = t == 0 || t == 1;
    auto words = font();
    words.setBold(isEnd);
    painter.setFont(words);
    painter.setPen(!isEnd ? colors.mutedText : t == 0 ? from_.color : to_.color);
    painter.drawText(foot, Qt::AlignCenter, t == 0 ? from_.letter : t == 1 ? to_.letter : QString::number(t));
  }
  painter.setFont(font());
}

// The straight line between both ends is what a single valley would stay below, or near.
void PathPlot::paintCurve(QPainter& painter, const Range& seen) const {
  const auto& theme = Theme::instance();
  const auto &first = points_.front(), &last = points_.back();
  if (first.t == 0 && last.t == 1 && std::isfinite(value(first)) && std::isfinite(value(last))) {
    painter.setPen(QPen(theme.colors().neutral, 1.2, Qt::DashLine));
    painter.drawLine(place(first, seen), place(last, seen));
  }
  QPolygonF line;
  const auto color = theme.colors().text;  // not a run's: the line is between them
  painter.setPen(QPen(color, 1.8));
  painter.setBrush(Qt::NoBrush);
  const auto finish = [&] {
    if (line.size() > 1) painter.drawPolyline(line);
    line.clear();
  };
  for (const auto& point : points_) {
    if (std::isfinite(value(point)))
      line.append(place(point, seen));
    else
      finish();
  }
  finish();
  for (const auto& point : points_) {
    if (!std::isfinite(value(point))) {
      painter.setPen(QPen(theme.colors().bad, 1.5));
      painter.drawLine(QPointF(area().left() + point.t * area().width(), area().bottom() - 6),
                       QPointF(area().left() + point.t * area().width(), area().bottom()));
      continue;
    }
    const bool isEnd = point.t == 0 || point.t == 1;
    painter.setPen(QPen(theme.colors().panel, 1));
    painter.setBrush(!isEnd ? color : point.t == 0 ? from_.color : to_.color);
    painter.drawEllipse(place(point, seen), isEnd ? kEnd : kDot, isEnd ? kEnd : kDot);
  }
}

void PathPlot::paintHovered(QPainter& painter, const Range& seen) const {
  if (hovered_ < 0 || hovered_ >= static_cast<int>(points_.size())) return;
  const auto& point = points_[static_cast<std::size_t>(hovered_)];
  ValueCard card{tr("%1 of the way from %2 to %3").arg(percent(point.t), from_.letter, to_.letter), {}};
  card.rows.push_back({{}, tr("loss"), number(point.loss), false});
  if (point.accuracy) card.rows.push_back({{}, tr("accuracy"), percent(*point.accuracy), false});
  const double y = std::isfinite(value(point)) ? place(point, seen).y() : area().bottom();
  const QPointF at(area().left() + point.t * area().width(), y);
  painter.setPen(QPen(Theme::instance().colors().text, 1.8));
  painter.setBrush(Qt::NoBrush);
  painter.drawEllipse(at, 7, 7);
  // In the half where the point is not: neither it nor the points beside it are covered.
  const bool high = at.y() < area().center().y();
  paintCard(painter, card, QPoint(static_cast<int>(at.x()), high ? area().bottom() : area().top()), area());
}

void PathPlot::mouseMoveEvent(QMouseEvent* event) {
  hovered_ = -1;
  double nearest = 30;  // pixels
  for (std::size_t i = 0; i < points_.size(); ++i) {
    const double away = std::abs(area().left() + points_[i].t * area().width() - event->position().x());
    if (away >= nearest) continue;
    nearest = away;
    hovered_ = static_cast<int>(i);
  }
  update();
}

void PathPlot::leaveEvent(QEvent* event) {
  QWidget::leaveEvent(event);
  hovered_ = -1;
  update();
}

void PathPlot::keyPressEvent(QKeyEvent* event) {
  const int last = static_cast<int>(points_.size()) - 1;
  switch (event->key()) {
    case Qt::Key_Left: hovered_ = std::max(0, hovered_ - 1); break;
    case Qt::Key_Right: hovered_ = std::min(last, hovered_ + 1); break;
    case Qt::Key_Home: hovered_ = 0; break;
    case Qt::Key_End: hovered_ = last; break;
    default: return QWidget::keyPressEvent(event);
  }
  update();
}

}  // namespace cairn::ui
