#include "ui/timeline/timeline_layout.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace cairn::ui {

namespace {

constexpr double kReach = 9;  ///< pixels around a mark that a click counts for
constexpr double kSignPixels = 11, kSignBelow = 13;  ///< between signs; from the lane down to them
constexpr double kDotPixels = 4;
constexpr double kApart = kGatherPixels * 1.5;  ///< pixels between marks of a group that was opened
constexpr double kNeighbours = 8;               ///< gaps in sight around one mark

/// Whether the mark at `x` belongs to the group before it: there is no room for both.
bool joins(const PlacedMark& group, double x, bool kept) {
  const bool countNeeded = kept || group.kept > 0 ? group.kept > 1 : true;
  return x - group.x < (countNeeded ? kGatherPixels : kKeptPixels);
}

/// A group spans at most kGatherPixels, so a row of marks becomes several groups and not one. It stands at its first mark
/// that is kept: two counts are never closer than kGatherPixels, and stay readable.
void placeMarks(const TimelineLane& lane, std::size_t place, double y, const TimelineView& view,
                std::vector<PlacedMark>& placed) {
  const double edge = (view.upper - view.lower) / std::max(1, view.right - view.left) * kGatherPixels;
  const auto& marks = lane.marks;
  auto at = std::lower_bound(marks.begin(), marks.end(), view.lower - edge,
                             [](const TimelineMark& mark, double x) { return mark.x < x; });
  for (const auto firstSeen = at; at != marks.end() && at->x <= view.upper + edge; ++at) {
    const double x = view.pixel(at->x);
    const auto index = static_cast<std::size_t>(at - marks.begin());
    const bool kept = !at->lost() || at->id == view.selected;
    if (at == firstSeen || !joins(placed.back(), x, kept)) {
      placed.push_back({place, x, y, index, 1, index, kept ? std::size_t{1} : 0});
      continue;
    }
    auto& group = placed.back();
    ++group.count;
    if (kept && group.kept++ == 0) group.x = x;
    const auto& shown = marks[group.shown];
    if (shown.id == view.selected) continue;
    if (at->id == view.selected || at->weight() >= shown.weight()) group.shown = index;
  }
}

void placeEvents(const TimelineLane& lane, std::size_t place, double y, const TimelineView& view,
                 std::vector<PlacedEvent>& placed) {
  const auto& events = lane.events;
  auto at = std::lower_bound(events.begin(), events.end(), view.lower,
                             [](const TimelineEvent& event, double x) { return event.x < x; });
  for (const auto firstSeen = at; at != events.end() && at->x <= view.upper; ++at) {
    const double x = view.pixel(at->x);
    if (at == firstSeen || x - placed.back().x >= kSignPixels) {
      placed.push_back({place, x, y + kSignBelow, static_cast<std::size_t>(at - events.begin()), 1, at->sign});
      continue;
    }
    ++placed.back().count;
    placed.back().sign = std::max(placed.back().sign, at->sign);
  }
}

void placeDots(const TimelineLane& lane, std::size_t place, double y, const TimelineView& view, std::vector<PlacedDot>& placed) {
  double before = -1e9;
  for (auto at = std::lower_bound(lane.dimmed.begin(), lane.dimmed.end(), view.lower);
       at != lane.dimmed.end() && *at <= view.upper; ++at) {
    const double x = view.pixel(*at);
    if (x - before < kDotPixels) continue;
    placed.push_back({place, x, y});
    before = x;
  }
}

/// A branch that ends below what is in sight is a line through it: one a pixel column is enough.
void placeConnectors(const std::vector<TimelineLane>& lanes, const TimelineView& view, std::vector<PlacedConnector>& placed) {
  std::unordered_set<long> through;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const auto& lane = lanes[i];
    if (lane.parent < 0) continue;
    const auto from = static_cast<std::size_t>(lane.parent);
    const double x = view.pixel(lane.startX), yFrom = view.laneY(from), yTo = view.laneY(i);
    const bool seen = x >= view.left - kLaneHeight && x <= view.right && yFrom <= view.bottom && yTo >= view.top;
    if (!seen || (yTo > view.bottom + kLaneHeight && !through.insert(std::lround(x)).second)) continue;
    placed.push_back({from, i, x, std::max(yFrom, view.top - 2.0 * kLaneHeight), std::min(yTo, view.bottom + 2.0 * kLaneHeight)});
  }
}

void placeOrigins(const std::vector<TimelineLane>& lanes, const TimelineView& view, std::vector<PlacedOrigin>& placed) {
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    for (const auto& origin : lanes[i].origins) {
      const PlacedOrigin one{origin.lane, i, view.pixel(origin.fromX), view.laneY(origin.lane), view.pixel(origin.toX), view.laneY(i)};
      const auto [left, right] = std::minmax(one.xFrom, one.xTo);
      const auto [top, bottom] = std::minmax(one.yFrom, one.yTo);
      if (right >= view.left && left <= view.right && bottom >= view.top && top <= view.bottom) placed.push_back(one);
    }
  }
}

}  // namespace

int TimelineMark::weight() const {
  if (star) return 6;
  if (pin) return 5;
  if (flag) return 4;
  switch (shape) {
    case MarkShape::Square:
    case MarkShape::Twin:
    case MarkShape::Diamond: return 3;
    case MarkShape::Ringed:
    case MarkShape::Dot: return 2;
    case MarkShape::Crossed: return 1;
    case MarkShape::Hollow: return 0;
  }
  return 0;
}

double TimelineView::laneY(std::size_t lane) const { return top - scroll + (static_cast<double>(lane) + 0.5) * kLaneHeight; }

int timelineHeight(std::size_t lanes) { return static_cast<int>(lanes) * kLaneHeight; }

TimelineGeometry layoutTimeline(const std::vector<TimelineLane>& lanes, const TimelineView& view) {
  TimelineGeometry geometry;
  if (!(view.upper > view.lower)) return geometry;
  placeConnectors(lanes, view, geometry.connectors);
  placeOrigins(lanes, view, geometry.origins);
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const auto& lane = lanes[i];
    const double y = view.laneY(i);
    if (y < view.top - kLaneHeight || y > view.bottom + kLaneHeight) continue;
    const double x0 = std::max(view.pixel(lane.startX), static_cast<double>(view.left));
    const double x1 = std::min(view.pixel(lane.endX), static_cast<double>(view.right));
    geometry.lanes.push_back({i, y, x0, x1});
    placeDots(lane, i, y, view, geometry.dots);
    placeEvents(lane, i, y, view, geometry.events);
    placeMarks(lane, i, y, view, geometry.marks);
  }
  return geometry;
}

const PlacedMark* markAt(const TimelineGeometry& geometry, double x, double y) {
  const PlacedMark* nearest = nullptr;
  double distance = kReach;
  for (const auto& mark : geometry.marks) {
    if (std::abs(mark.y - y) > kReach + 4) continue;
    const double away = std::abs(mark.x - x);
    if (away > distance) continue;
    distance = away;
    nearest = &mark;
  }
  return nearest;
}

const PlacedEvent* eventAt(const TimelineGeometry& geometry, double x, double y) {
  const PlacedEvent* nearest = nullptr;
  double distance = kSignPixels / 2 + 1;
  for (const auto& event : geometry.events) {
    const double away = std::max(std::abs(event.x - x), std::abs(event.y - y));
    if (away > distance) continue;
    distance = away;
    nearest = &event;
  }
  return nearest;
}

std::pair<double, double> openedRange(const TimelineLane& lane, const PlacedMark& group, const TimelineView& view) {
  const auto* marks = lane.marks.data() + group.first;
  const double first = marks[0].x, last = marks[group.count - 1].x;
  if (!(last > first)) return {first, first};
  double gap = last - first;  // the smallest there is
  for (std::size_t i = 1; i < group.count; ++i) {
    if (marks[i].x > marks[i - 1].x) gap = std::min(gap, marks[i].x - marks[i - 1].x);
  }
  const double wanted = std::max(gap * (view.right - view.left) / kApart, (last - first) * 1.3);
  const double width = std::min(wanted, (view.upper - view.lower) * 0.8);
  const double middle = (first + last) / 2;
  return {middle - width / 2, middle + width / 2};
}

std::pair<double, double> rangeAround(const TimelineLane& lane, std::size_t mark, const TimelineView& view) {
  const double x = lane.marks[mark].x, width = view.upper - view.lower;
  double gap = width;
  if (mark > 0 && lane.marks[mark - 1].x < x) gap = std::min(gap, x - lane.marks[mark - 1].x);
  if (mark + 1 < lane.marks.size() && lane.marks[mark + 1].x > x) gap = std::min(gap, lane.marks[mark + 1].x - x);
  const double wanted = std::clamp(gap * kNeighbours, width / 10, width / 2);
  return {x - wanted / 2, x + wanted / 2};
}

int laneAt(const TimelineGeometry& geometry, double y) {
  for (const auto& lane : geometry.lanes) {
    if (std::abs(lane.y - y) <= kLaneHeight / 2.0) return static_cast<int>(lane.lane);
  }
  return -1;
}

}  // namespace cairn::ui
