// Paints a laid-out timeline. Holds nothing. GUI thread.
#pragma once

#include <QPainter>
#include <optional>
#include <string>
#include <vector>

#include "ui/timeline/timeline_layout.h"
#include "ui/x_axis.h"

namespace cairn::ui {

struct TimelinePicture {
  const std::vector<TimelineLane>& lanes;
  const TimelineGeometry& geometry;
  const TimelineView& view;
  XAxis::Unit unit = XAxis::Unit::Step;
  std::optional<double> crossHair;
  const std::vector<std::string>& compared;
};

void paintTimeline(QPainter& painter, const TimelinePicture& picture);
/// The legend of the marks and signs that `lanes` have, between `left` and `right`; where that is too narrow, without those
/// that a person soon knows.
void paintTimelineLegend(QPainter& painter, const std::vector<TimelineLane>& lanes, int left, int right, int middle);

}  // namespace cairn::ui
