#include "ui/chart/curve_layer.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "ui/theme.h"
#include "ui/timeline/mark_painter.h"

namespace cairn::ui {

namespace {

constexpr double kFar = 1e5;  ///< pixels: beyond this a painter's coordinates are cut off
constexpr qsizetype kPiece = 16;   ///< points
constexpr int kQuietPixels = 3;    ///< between the points of a curve in a crowd
constexpr qsizetype kDense = 256;  ///< points of a line from which they lie close

QColor tint(QColor color, double strength) {
  const auto panel = Theme::instance().colors().panel;
  const auto mix = [strength](int a, int b) { return static_cast<int>(std::lround(a * strength + b * (1 - strength))); };
  return {mix(color.red(), panel.red()), mix(color.green(), panel.green()), mix(color.blue(), panel.blue())};
}

/// The painter's cost grows faster than a path's length: pieces of some points each cost a fraction. Dashes go on from
/// one piece to the next.
void drawInPieces(QPainter& painter, QPen pen, const QPolygonF& line) {
  double drawn = 0;  // in pen widths, as dashes are measured
  for (qsizetype first = 0; first + 1 < line.size(); first += kPiece) {
    const auto count = std::min(kPiece + 1, line.size() - first);
    if (pen.style() == Qt::CustomDashLine) {
      pen.setDashOffset(drawn);
      painter.setPen(pen);
      for (auto i = first + 1; i < first + count; ++i) {
        const auto leg = line[i] - line[i - 1];
        drawn += std::hypot(leg.x(), leg.y()) / pen.widthF();
      }
    }
    painter.drawPolyline(line.constData() + first, static_cast<int>(count));
  }
}

/// A wide pen along many points, at a quarter of its cost: Qt walks a pen of one pixel along the line, and makes an outline
/// to be filled of any wider one. Three such lines a little apart look the same.
void drawDense(QPainter& painter, QPen pen, const QPolygonF& line) {
  pen.setWidthF(1);
  painter.setPen(pen);
  for (const QPointF apart : {QPointF(0, -0.45), QPointF(0, 0.45), QPointF(0.5, 0)}) {
    painter.translate(apart);
    painter.drawPolyline(line);
    painter.translate(-apart);
  }
}

}  // namespace

CurveLayer::CurveLayer(QCPAxisRect* axes, const ChartScene& scene)
    : QCPLayerable(axes->parentPlot(), QStringLiteral("main"), axes), axes_(axes), scene_(scene) {}

void CurveLayer::applyDefaultAntialiasingHint(QCPPainter* painter) const { painter->setAntialiasing(false); }

QRect CurveLayer::clipRect() const { return axes_->rect(); }

double CurveLayer::yPixel(double value) const {
  const auto* axis = axes_->axis(QCPAxis::atLeft);
  if (axis->scaleType() == QCPAxis::stLogarithmic && value <= 0) return axes_->bottom() + 1;
  return std::clamp(axis->coordToPixel(value), -kFar, kFar);
}

void CurveLayer::draw(QCPPainter* painter) {
  std::vector<std::pair<const DrawnCurve*, Columns>> loud;
  for (const auto& curve : scene_.curves) {
    if (curve.quiet) drawQuiet(painter, curve);
    else loud.emplace_back(&curve, columnsOf(*curve.curve, *curve.clock, windowOf(curve, axes_->width()), curve.range));
  }
  for (const auto& [curve, columns] : loud) drawBand(painter, *curve, columns);
  for (const auto& [curve, columns] : loud) drawLine(painter, *curve, columns);
  drawMarks(painter);
}

Window CurveLayer::windowOf(const DrawnCurve& curve, int width) const {
  const auto& range = axes_->axis(QCPAxis::atBottom)->range();
  return {range.lower + curve.shift, range.upper + curve.shift, width, scene_.unit};
}

// One point every few pixels and a pen of one pixel without antialiasing: a fiftieth of what a line of its own costs.
void CurveLayer::drawQuiet(QCPPainter* painter, const DrawnCurve& curve) const {
  const int width = std::max(1, axes_->width() / kQuietPixels);
  const auto columns = columnsOf(*curve.curve, *curve.clock, windowOf(curve, width), curve.range);
  painter->setPen(QPen(tint(curve.color, 0.6), 1));
  QPolygon line;
  line.reserve(static_cast<int>(columns.columns.size()));
  const auto finish = [&] {
    if (line.size() > 1) painter->drawPolyline(line);
    line.clear();
  };
  for (const auto& column : columns.columns) {
    if (!std::isfinite(column.smooth)) {
      finish();
      continue;
    }
    line.append(QPoint(axes_->left() + static_cast<int>(std::lround(std::clamp(column.pixel * kQuietPixels, -kFar, kFar))),
                       static_cast<int>(std::lround(yPixel(column.smooth)))));
  }
  finish();
}

// Each column's line reaches to the one before, so that the band is whole; without antialiasing and one pixel wide it
// costs next to nothing.
void CurveLayer::drawBand(QCPPainter* painter, const DrawnCurve& curve, const Columns& columns) const {
  QVector<QLine> lines;  // between points that stand apart
  QVector<QRect> bars;   // of pixel columns
  QVector<QLine> gaps;
  const int left = axes_->left();
  const Column* before = nullptr;
  for (const auto& column : columns.columns) {
    const int x = left + static_cast<int>(std::floor(column.pixel));
    if (column.raw.gaps) gaps.append(QLine(x, axes_->bottom() - 5, x, axes_->bottom()));
    if (column.raw.empty()) {
      before = nullptr;
      continue;
    }
    int low = static_cast<int>(std::lround(yPixel(column.raw.min)));
    int high = static_cast<int>(std::lround(yPixel(column.raw.max)));
    const int joined = before ? static_cast<int>(std::lround(yPixel(before->raw.last))) : low;
    if (columns.points) {
      if (before) lines.append(QLine(left + static_cast<int>(std::floor(before->pixel)), joined, x, low));
    } else {
      low = std::max(low, joined);
      high = std::min(high, joined);
      bars.append(QRect(x, std::min(low, high), 1, std::abs(low - high) + 1));
    }
    before = &column;
  }
  const auto color = tint(curve.color, curve.inherited ? 0.12 : 0.26);
  painter->setPen(QPen(color, 1));
  if (curve.curve->smoothing() > 0) painter->drawLines(lines);
  painter->setPen(Qt::NoPen);
  painter->setBrush(color);
  painter->drawRects(bars);  // filled: a third of what vertical lines cost
  painter->setBrush(Qt::NoBrush);
  if (gaps.isEmpty()) return;
  painter->setPen(QPen(Theme::instance().colors().bad, 1));
  painter->drawLines(gaps);
}

void CurveLayer::drawLine(QCPPainter* painter, const DrawnCurve& curve, const Columns& columns) const {
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  QPen pen(curve.inherited ? tint(curve.color, 0.45) : curve.color, curve.dashed ? 1.6 : 1.8);
  if (curve.dashed) pen.setDashPattern({4, 3});
  pen.setCapStyle(Qt::FlatCap);
  pen.setJoinStyle(Qt::BevelJoin);
  painter->setPen(pen);
  QPolygonF line;
  const auto finish = [&] {
    if (line.size() >= kDense && !curve.dashed) drawDense(*painter, pen, line);
    else if (line.size() > 1) drawInPieces(*painter, pen, line);
    if (line.size() == 1) painter->drawEllipse(line.front(), 1, 1);
    line.clear();
  };
  for (const auto& column : columns.columns) {
    if (!std::isfinite(column.smooth)) {
      if (columns.points || column.raw.empty()) finish();
      continue;
    }
    line.append(QPointF(axes_->left() + column.pixel, yPixel(column.smooth)));
  }
  finish();
  painter->restore();
}

void CurveLayer::drawMarks(QCPPainter* painter) const {
  const auto* axis = axes_->axis(QCPAxis::atBottom);
  const auto& colors = Theme::instance().colors();
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  std::set<std::pair<std::string, int>> taken;  // one dot every few pixels: thousands would only cover the curve
  for (const auto& mark : scene_.marks) {
    if (!axis->range().contains(mark.x)) continue;
    const QPointF at(axis->coordToPixel(mark.x), yPixel(mark.y));
    const bool room = taken.insert({mark.run, static_cast<int>(at.x() / 5)}).second;
    if (!room && !mark.best && !mark.selected) continue;
    painter->setPen(QPen(colors.panel, 1));
    painter->setBrush(mark.color);
    painter->drawEllipse(at, 2.8, 2.8);
    if (mark.best) paintStar(*painter, at - QPointF(0, 11), 6, colors.star);
    if (!mark.selected) continue;
    painter->setPen(QPen(colors.text, 1.8));
    painter->setBrush(Qt::NoBrush);
    painter->drawEllipse(at, 6.5, 6.5);
  }
  painter->restore();
}

CrossHairLayer::CrossHairLayer(QCPAxisRect* axes, const ChartScene& scene)
    : QCPLayerable(axes->parentPlot(), QStringLiteral("overlay"), axes), axes_(axes), scene_(scene) {}

void CrossHairLayer::applyDefaultAntialiasingHint(QCPPainter* painter) const { painter->setAntialiasing(false); }

QRect CrossHairLayer::clipRect() const { return axes_->rect(); }

void CrossHairLayer::draw(QCPPainter* painter) {
  const auto& colors = Theme::instance().colors();
  if (!rubberBand_.isNull()) {
    auto fill = colors.accent;
    fill.setAlpha(40);
    painter->setPen(QPen(colors.accent, 1));
    painter->setBrush(fill);
    painter->drawRect(rubberBand_);
  }
  const auto* axis = axes_->axis(QCPAxis::atBottom);
  if (!scene_.crossHair || !axis->range().contains(*scene_.crossHair)) return;
  const int x = static_cast<int>(std::lround(axis->coordToPixel(*scene_.crossHair)));
  painter->setPen(QPen(colors.accent, 1, Qt::DotLine));
  painter->drawLine(QLine(x, axes_->top(), x, axes_->bottom()));
  if (scene_.card.rows.empty()) return;
  painter->setFont(axis->tickLabelFont());
  paintCard(*painter, scene_.card, QPoint(x, axes_->top() + axes_->height() / 10), axes_->rect());
}

}  // namespace cairn::ui
