#include "ui/timeline/timeline_layout.h"

#include <algorithm>
#include <cmath>

namespace cairn::ui {

namespace {

constexpr double kReach = 9;  ///< pixels around a mark that a click counts for

/// A group spans at most kGatherPixels, so a row of marks becomes several groups and not one. It stands at its first
/// mark: two groups are never closer than kGatherPixels, and their counts stay readable.
void placeMarks(const TimelineLane& lane, std::size_t place, double y, const TimelineView& view,
                std::vector<PlacedMark>& placed) {
  const double edge = (view.upper - view.lower) / std::max(1, view.right - view.left) * kGatherPixels;
  const auto& marks = lane.marks;
  auto at = std::lower_bound(marks.begin(), marks.end(), view.lower - edge,
                             [](const TimelineMark& mark, double x) { return mark.x < x; });
  double groupX = 0;
  for (const auto firstSeen = at; at != marks.end() && at->x <= view.upper + edge; ++at) {
    const double x = view.pixel(at->x);
    const auto index = static_cast<std::size_t>(at - marks.begin());
    if (at == firstSeen || x - groupX >= kGatherPixels) {
      placed.push_back({place, x, y, index, 1, index});
      groupX = x;
      continue;
    }
    auto& group = placed.back();
    ++group.count;
    const auto& shown = marks[group.shown];
    if (shown.id == view.selected) continue;
    if (at->id == view.selected || at->weight() >= shown.weight()) group.shown = index;
  }
}

void placeEvents(const TimelineLane& lane, std::size_t place, double y, const TimelineView& view,
                 std::vector<PlacedEvent>& placed) {
  double before = -1e9;
  for (auto at = std::lower_bound(lane.events.begin(), lane.events.end(), view.lower);
       at != lane.events.end() && *at <= view.upper; ++at) {
    const double x = view.pixel(*at);
    if (x - before < 2) continue;
    placed.push_back({place, x, y});
    before = x;
  }
}

}  // namespace

int TimelineMark::weight() const {
  if (star) return 6;
  if (pin) return 5;
  if (flag) return 4;
  switch (shape) {
    case MarkShape::Square:
    case MarkShape::Diamond: return 3;
    case MarkShape::Dot: return 2;
    case MarkShape::Crossed: return 1;
    case MarkShape::Hollow: return 0;
  }
  return 0;
}

int timelineHeight(std::size_t lanes) { return static_cast<int>(lanes) * kLaneHeight; }

TimelineGeometry layoutTimeline(const std::vector<TimelineLane>& lanes, const TimelineView& view) {
  TimelineGeometry geometry;
  if (!(view.upper > view.lower)) return geometry;
  const auto laneY = [&](std::size_t lane) {
    return view.top - view.scroll + (static_cast<double>(lane) + 0.5) * kLaneHeight;
  };
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const auto& lane = lanes[i];
    const double y = laneY(i);
    if (lane.parent >= 0) {
      const double x = view.pixel(lane.startX);
      const double yFrom = laneY(static_cast<std::size_t>(lane.parent));
      const bool seen = x >= view.left - kLaneHeight && x <= view.right && yFrom <= view.bottom && y >= view.top;
      if (seen) geometry.connectors.push_back({static_cast<std::size_t>(lane.parent), i, x, yFrom, y});
    }
    if (y < view.top - kLaneHeight || y > view.bottom + kLaneHeight) continue;
    const double x0 = std::max(view.pixel(lane.startX), static_cast<double>(view.left));
    const double x1 = std::min(view.pixel(lane.endX), static_cast<double>(view.right));
    geometry.lanes.push_back({i, y, x0, x1});
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

int laneAt(const TimelineGeometry& geometry, double y) {
  for (const auto& lane : geometry.lanes) {
    if (std::abs(lane.y - y) <= kLaneHeight / 2.0) return static_cast<int>(lane.lane);
  }
  return -1;
}

}  // namespace cairn::ui
