// Where lanes, branches and checkpoints of the timeline stand on the screen. Pure functions of plain values.
#pragma once

#include <QColor>
#include <QString>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "ui/timeline/event_words.h"
#include "ui/timeline/mark_painter.h"

namespace cairn::ui {

struct TimelineMark {
  std::string id;        ///< of its checkpoint
  std::int64_t step = 0;
  double x = 0;          ///< in the axis' unit
  MarkShape shape = MarkShape::Dot;
  bool star = false, flag = false, pin = false;

  int weight() const;    ///< which of several in one place is shown
  bool lost() const { return weight() == 0; }  ///< pruned, and nothing more: gathers before those that are still there
};

struct TimelineEvent {
  std::int64_t step = 0;
  double x = 0;  ///< in the axis' unit
  EventSign sign = EventSign::Change;
  QString words;
};

/// One of the checkpoints that a lane's first one is the mean of.
struct TimelineOrigin {
  std::size_t lane = 0;  ///< where it stands
  double fromX = 0;      ///< there
  double toX = 0;        ///< of the mean, in the lane that has this
};

struct TimelineLane {
  std::string run;
  QString name = {};
  QColor color = {};
  int parent = -1;                   ///< the lane it branches from; -1: none in sight
  double startX = 0, endX = 0;       ///< where its own steps begin and end
  bool branch = false;
  bool running = false;
  std::vector<TimelineMark> marks = {};    ///< ascending by x: what the filter lets through, and what is selected
  std::vector<double> dimmed = {};         ///< the others, ascending
  std::vector<TimelineEvent> events = {};  ///< ascending by x
  std::vector<TimelineOrigin> origins = {};
};

/// The screen that the timeline is laid out for; pixels from the widget's top left.
struct TimelineView {
  double lower = 0, upper = 1;  ///< x in sight
  int left = 0, right = 100;    ///< the plot area
  int top = 0, bottom = 100;
  int scroll = 0;               ///< pixels scrolled down
  std::string selected;         ///< checkpoint: stands for its group

  double pixel(double x) const { return left + (x - lower) / (upper - lower) * (right - left); }
  double laneY(std::size_t lane) const;  ///< of its line
};

struct PlacedLane {
  std::size_t lane = 0;
  double y = 0, x0 = 0, x1 = 0;  ///< x1 < x0: out of sight
};

/// One mark, or several that stand too close to tell apart.
struct PlacedMark {
  std::size_t lane = 0;
  double x = 0, y = 0;
  std::size_t first = 0, count = 1;  ///< in the lane's marks
  std::size_t shown = 0;             ///< the weightiest of them, or the selected one
  std::size_t kept = 0;              ///< of them: not lost, or selected

  /// Drawn as a count. One that is kept stands for itself, with those beside it that are lost behind it.
  bool gathered() const { return count > 1 && kept != 1; }
};

struct PlacedConnector {
  std::size_t from = 0, to = 0;  ///< lanes
  double x = 0, yFrom = 0, yTo = 0;
};

/// From one of an average's parents to the average.
struct PlacedOrigin {
  std::size_t from = 0, to = 0;  ///< lanes
  double xFrom = 0, yFrom = 0, xTo = 0, yTo = 0;
};

/// One event, or several in one place.
struct PlacedEvent {
  std::size_t lane = 0;
  double x = 0, y = 0;               ///< of the sign: below the lane
  std::size_t first = 0, count = 1;  ///< in the lane's events
  EventSign sign = EventSign::Change;
};

/// A mark that the filter holds back.
struct PlacedDot {
  std::size_t lane = 0;
  double x = 0, y = 0;
};

struct TimelineGeometry {
  std::vector<PlacedLane> lanes;
  std::vector<PlacedMark> marks;
  std::vector<PlacedConnector> connectors;
  std::vector<PlacedOrigin> origins;
  std::vector<PlacedEvent> events;
  std::vector<PlacedDot> dots;
};

inline constexpr int kLaneHeight = 46;
inline constexpr int kMarkRadius = 5;
inline constexpr int kGatherPixels = 15;  ///< marks that are lost gather when closer than this, and a count needs as much
inline constexpr int kKeptPixels = 12;    ///< those that are kept stand singly from here on

int timelineHeight(std::size_t lanes);
TimelineGeometry layoutTimeline(const std::vector<TimelineLane>& lanes, const TimelineView& view);
/// The placed mark under a point, or null.
const PlacedMark* markAt(const TimelineGeometry& geometry, double x, double y);
/// The placed event under a point, or null.
const PlacedEvent* eventAt(const TimelineGeometry& geometry, double x, double y);
/// The range of x in which the marks of a group stand apart, if `view` can be zoomed so far; lower = upper: they stand
/// in one place.
std::pair<double, double> openedRange(const TimelineLane& lane, const PlacedMark& group, const TimelineView& view);
/// The range around a mark in which some of its neighbours are in sight too.
std::pair<double, double> rangeAround(const TimelineLane& lane, std::size_t mark, const TimelineView& view);
/// The lane whose line is under a point; -1 if none.
int laneAt(const TimelineGeometry& geometry, double y);

}  // namespace cairn::ui
