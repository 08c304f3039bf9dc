#include "ui/timeline/timeline_painter.h"

#include <QFontMetrics>
#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <set>

#include "ui/chart/axis_ticks.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr double kConnectorBend = 18;
constexpr int kNameWidth = 180;
constexpr double kSignRoom = 10;  ///< from a name to the middle of a sign

const Colors& colors() { return Theme::instance().colors(); }

void paintAxis(QPainter& painter, const TimelinePicture& picture) {
  const auto& view = picture.view;
  const QFontMetrics metrics(painter.font());
  for (const auto& tick : xTicks(view.lower, view.upper, view.right - view.left, picture.unit)) {
    const int x = static_cast<int>(std::lround(view.pixel(tick.at)));
    painter.setPen(QPen(colors().grid, 1));
    painter.drawLine(x, view.top, x, view.bottom);
    painter.setPen(colors().mutedText);
    painter.drawText(x - metrics.horizontalAdvance(tick.label) / 2, view.bottom + metrics.ascent() + 5, tick.label);
  }
}

void paintConnectors(QPainter& painter, const TimelinePicture& picture) {
  painter.setBrush(Qt::NoBrush);
  for (const auto& connector : picture.geometry.connectors) {
    painter.setPen(QPen(picture.lanes[connector.to].color, 1.6));
    QPainterPath path({connector.x, connector.yFrom});
    const double bend = std::max(connector.yFrom, connector.yTo - kConnectorBend);
    path.lineTo(connector.x, bend);
    // A branch that took no step yet ends where it begins: the bend would lead past it.
    const double length = picture.view.pixel(picture.lanes[connector.to].endX) - connector.x;
    path.quadTo(connector.x, connector.yTo, connector.x + std::clamp(length, 0.0, kConnectorBend * 0.8), connector.yTo);
    painter.drawPath(path);
  }
}

/// Dashed, so that they are not taken for a branch: no training leads along them.
void paintOrigins(QPainter& painter, const TimelinePicture& picture) {
  painter.setBrush(Qt::NoBrush);
  for (const auto& origin : picture.geometry.origins) {
    painter.setPen(QPen(picture.lanes[origin.to].color, 1.4, Qt::DashLine));
    const double middle = (origin.yFrom + origin.yTo) / 2;
    QPainterPath path({origin.xFrom, origin.yFrom});
    // Straight down it would lie on a branch that leaves at the same step.
    const double bow = std::abs(origin.xFrom - origin.xTo) < kConnectorBend ? kConnectorBend : 0;
    path.cubicTo(origin.xFrom - bow, middle, origin.xTo - bow, middle, origin.xTo, origin.yTo);
    painter.drawPath(path);
  }
}

/// Up to the first sign below the lane.
int roomForName(const TimelineGeometry& geometry, std::size_t lane, double left) {
  int room = kNameWidth;
  for (const auto& event : geometry.events) {
    if (event.lane == lane && event.x > left) room = std::min(room, static_cast<int>(event.x - left - kSignRoom));
  }
  return std::max(0, room);
}

void paintLanes(QPainter& painter, const TimelinePicture& picture) {
  const QFontMetrics metrics(painter.font());
  for (const auto& placed : picture.geometry.lanes) {
    if (placed.x1 < placed.x0) continue;
    const auto& lane = picture.lanes[placed.lane];
    const bool bent = lane.parent >= 0 && placed.x0 > picture.view.left;
    painter.setPen(QPen(lane.color, 2.4, Qt::SolidLine, Qt::FlatCap));
    const double start = bent ? std::min(placed.x0 + kConnectorBend * 0.7, placed.x1) : placed.x0;
    painter.drawLine(QPointF(start, placed.y), QPointF(placed.x1, placed.y));
    painter.setPen(colors().mutedText);
    const double behind = placed.x0 + (bent ? kConnectorBend : 0);
    // Where a lane has only just begun its name would stand outside.
    const int wanted = std::min(kNameWidth, metrics.horizontalAdvance(lane.name));
    const double left = std::clamp<double>(behind, picture.view.left, std::max(picture.view.left, picture.view.right - wanted));
    const auto name = metrics.elidedText(lane.name, Qt::ElideRight, roomForName(picture.geometry, placed.lane, left));
    painter.drawText(QPointF(left, placed.y + metrics.ascent() + 7), name);
  }
}

void paintDots(QPainter& painter, const TimelinePicture& picture) {
  painter.setPen(Qt::NoPen);
  for (const auto& dot : picture.geometry.dots) {
    auto color = picture.lanes[dot.lane].color;
    color.setAlphaF(0.45F);
    painter.setBrush(color);
    painter.drawEllipse(QPointF(dot.x, dot.y), 2.2, 2.2);
  }
}

void paintEvents(QPainter& painter, const TimelinePicture& picture) {
  for (const auto& event : picture.geometry.events) {
    painter.setPen(QPen(colors().mutedText, 1));
    painter.drawLine(QPointF(event.x, event.y - 18), QPointF(event.x, event.y - 5));
    paintEventSign(painter, event.sign, {event.x, event.y}, colors().panel);
  }
}

void paintCount(QPainter& painter, const PlacedMark& placed, const QColor& color) {
  const auto text = placed.count > 999 ? QStringLiteral("999+") : QString::number(placed.count);
  auto font = painter.font();
  font.setPointSizeF(font.pointSizeF() * 0.78);
  painter.save();
  painter.setFont(font);
  const QFontMetrics metrics(font);
  const double width = std::max(metrics.horizontalAdvance(text) + 7.0, 15.0);
  const QRectF pill(placed.x - width / 2, placed.y - 7.5, width, 15);
  painter.setPen(QPen(color, 1.4));
  painter.setBrush(colors().panel);
  painter.drawRoundedRect(pill, 7.5, 7.5);
  painter.setPen(colors().text);
  painter.drawText(pill, Qt::AlignCenter, text);
  painter.restore();
}

void paintBadges(QPainter& painter, const PlacedMark& placed, const TimelineMark& mark) {
  double x = placed.x - ((mark.star + mark.flag + mark.pin) - 1) * 6.0;
  const double foot = placed.y - 9;
  if (mark.star) {
    paintStar(painter, {x, foot - 5}, 5.5, colors().star);
    x += 12;
  }
  if (mark.flag) {
    paintFlag(painter, {x - 2, foot}, 11, colors().text);
    x += 12;
  }
  if (mark.pin) paintPin(painter, {x, foot}, 11, colors().text);
}

/// Of those that one mark hides, the outermost look out behind it.
void paintHidden(QPainter& painter, const PlacedMark& placed, const TimelineLane& lane, const TimelineView& view) {
  for (const auto index : {placed.first, placed.first + placed.count - 1}) {
    const QPointF at(view.pixel(lane.marks[index].x), placed.y);
    if (index != placed.shown) paintMark(painter, MarkShape::Hollow, at, kMarkRadius, lane.color, colors().panel);
  }
}

void paintMarks(QPainter& painter, const TimelinePicture& picture) {
  for (const auto& placed : picture.geometry.marks) {
    if (placed.x < picture.view.left - 1 || placed.x > picture.view.right + 1) continue;
    const auto& lane = picture.lanes[placed.lane];
    const auto& mark = lane.marks[placed.shown];
    const auto& color = lane.color;
    if (!placed.gathered()) paintHidden(painter, placed, lane, picture.view);
    if (placed.gathered()) paintCount(painter, placed, color);
    else paintMark(painter, mark.shape, {placed.x, placed.y}, kMarkRadius, mark.shape == MarkShape::Crossed ? colors().bad : color, colors().panel);
    paintBadges(painter, placed, mark);
    const bool ticked = std::find(picture.compared.begin(), picture.compared.end(), mark.id) != picture.compared.end();
    painter.setBrush(Qt::NoBrush);
    if (ticked) {
      painter.setPen(QPen(colors().accent, 1.4, Qt::DotLine));
      painter.drawEllipse(QPointF(placed.x, placed.y), kMarkRadius + 6, kMarkRadius + 6);
    }
    if (mark.id != picture.view.selected) continue;
    painter.setPen(QPen(colors().text, 1.8));
    painter.drawEllipse(QPointF(placed.x, placed.y), kMarkRadius + 3.5, kMarkRadius + 3.5);
  }
}

void paintNow(QPainter& painter, const TimelinePicture& picture) {
  const auto& view = picture.view;
  for (const auto& lane : picture.lanes) {
    if (!lane.running || lane.endX < view.lower || lane.endX > view.upper) continue;
    const double x = view.pixel(lane.endX);
    painter.setPen(QPen(colors().good, 1.2, Qt::DashLine));
    painter.drawLine(QPointF(x, view.top), QPointF(x, view.bottom));
    painter.setPen(colors().good);
    const auto text = QObject::tr("now");
    const int width = QFontMetrics(painter.font()).horizontalAdvance(text);
    painter.drawText(QPointF(x + 5 + width > view.right ? x - 5 - width : x + 5, view.bottom - 5), text);
  }
}

enum class Item {
  Periodic, Best, Manual, Pinned, Final, Imported, Averaged, Recreated, Pruned, Damaged, Change, Ended, Resumed, Crashed, Failed
};

Item itemOf(MarkShape shape) {
  switch (shape) {
    case MarkShape::Dot: return Item::Periodic;
    case MarkShape::Hollow: return Item::Pruned;
    case MarkShape::Crossed: return Item::Damaged;
    case MarkShape::Square: return Item::Final;
    case MarkShape::Diamond: return Item::Imported;
    case MarkShape::Twin: return Item::Averaged;
    case MarkShape::Ringed: return Item::Recreated;
  }
  return Item::Periodic;
}

Item itemOf(EventSign sign) {
  switch (sign) {
    case EventSign::Change: return Item::Change;
    case EventSign::Ended: return Item::Ended;
    case EventSign::Recovered: return Item::Resumed;
    case EventSign::Crashed: return Item::Crashed;
    case EventSign::Failed: return Item::Failed;
  }
  return Item::Change;
}

/// What there is to explain.
std::set<Item> presentIn(const std::vector<TimelineLane>& lanes) {
  std::set<Item> present;
  for (const auto& lane : lanes) {
    for (const auto& mark : lane.marks) {
      present.insert(itemOf(mark.shape));
      if (mark.star) present.insert(Item::Best);
      if (mark.flag) present.insert(Item::Manual);
      if (mark.pin) present.insert(Item::Pinned);
    }
    for (const auto& event : lane.events) present.insert(itemOf(event.sign));
  }
  return present;
}

}  // namespace

void paintTimeline(QPainter& painter, const TimelinePicture& picture) {
  const auto& view = picture.view;
  paintAxis(painter, picture);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setClipRect(QRect(view.left - 12, view.top, view.right - view.left + 24, view.bottom - view.top));
  paintNow(painter, picture);
  paintConnectors(painter, picture);
  paintOrigins(painter, picture);
  paintLanes(painter, picture);
  paintDots(painter, picture);
  paintEvents(painter, picture);
  if (picture.crossHair && *picture.crossHair >= view.lower && *picture.crossHair <= view.upper) {
    const double x = std::round(view.pixel(*picture.crossHair)) + 0.5;
    painter.setPen(QPen(colors().accent, 1, Qt::DotLine));
    painter.drawLine(QPointF(x, view.top), QPointF(x, view.bottom));
  }
  paintMarks(painter, picture);
  painter.restore();
}

void paintTimelineLegend(QPainter& painter, const std::vector<TimelineLane>& lanes, int left, int right, int middle) {
  const QFontMetrics metrics(painter.font());
  const auto present = presentIn(lanes);
  std::vector<std::pair<Item, QString>> items = {
      {Item::Periodic, QObject::tr("periodic")}, {Item::Best, QObject::tr("best")}, {Item::Manual, QObject::tr("manual")},
      {Item::Pinned, QObject::tr("pinned")},     {Item::Final, QObject::tr("final")}, {Item::Imported, QObject::tr("imported")},
      {Item::Averaged, QObject::tr("averaged")}, {Item::Recreated, QObject::tr("recreated")}, {Item::Pruned, QObject::tr("pruned")},
      {Item::Damaged, QObject::tr("damaged")},   {Item::Change, QObject::tr("change")}, {Item::Ended, QObject::tr("stopped early")},
      {Item::Resumed, QObject::tr("resumed")},   {Item::Crashed, QObject::tr("crash")}, {Item::Failed, QObject::tr("failed")}};
  std::erase_if(items, [&](const auto& one) { return !present.contains(one.first); });
  int width = 0;
  for (const auto& [item, text] : items) width += metrics.horizontalAdvance(text) + 28;
  for (const auto common : {Item::Periodic, Item::Best, Item::Pruned, Item::Pinned, Item::Manual, Item::Final}) {
    if (width <= right - left) break;
    const auto at = std::find_if(items.begin(), items.end(), [&](const auto& one) { return one.first == common; });
    if (at == items.end()) continue;
    width -= metrics.horizontalAdvance(at->second) + 28;
    items.erase(at);
  }
  int x = right - width + 14;
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  const auto color = colors().mutedText;
  for (const auto& [item, text] : items) {
    const QPointF at(x + 4, middle);
    switch (item) {
      case Item::Periodic: paintMark(painter, MarkShape::Dot, at, 3.6, color, colors().panel); break;
      case Item::Best: paintStar(painter, at, 5, colors().star); break;
      case Item::Manual: paintFlag(painter, at + QPointF(-2, 5), 10, color); break;
      case Item::Pinned: paintPin(painter, at + QPointF(0, 5), 10, color); break;
      case Item::Final: paintMark(painter, MarkShape::Square, at, 3.6, color, colors().panel); break;
      case Item::Imported: paintMark(painter, MarkShape::Diamond, at, 3.6, color, colors().panel); break;
      case Item::Averaged: paintMark(painter, MarkShape::Twin, at, 3.8, color, colors().panel); break;
      case Item::Damaged: paintMark(painter, MarkShape::Crossed, at, 3.8, colors().bad, colors().panel); break;
      case Item::Recreated: paintMark(painter, MarkShape::Ringed, at, 4.2, color, colors().panel); break;
      case Item::Change: paintEventSign(painter, EventSign::Change, at, colors().panel); break;
      case Item::Ended: paintEventSign(painter, EventSign::Ended, at, colors().panel); break;
      case Item::Resumed: paintEventSign(painter, EventSign::Recovered, at, colors().panel); break;
      case Item::Crashed: paintEventSign(painter, EventSign::Crashed, at, colors().panel); break;
      case Item::Failed: paintEventSign(painter, EventSign::Failed, at, colors().panel); break;
      case Item::Pruned: paintMark(painter, MarkShape::Hollow, at, 5, color, colors().panel); break;
    }
    painter.setPen(color);
    painter.drawText(x + 14, middle + metrics.ascent() / 2 - 1, text);
    x += metrics.horizontalAdvance(text) + 28;
  }
  painter.restore();
}

}  // namespace cairn::ui
