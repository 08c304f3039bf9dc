// Finds marks on the timeline.
#pragma once

#include <QPoint>
#include <cmath>
#include <optional>
#include <string>

#include "ui/timeline/timeline_panel.h"

namespace cairn::tests {

/// The mark that shows the checkpoint; nothing if none does, or one that others hide behind.
inline std::optional<ui::PlacedMark> placed(const ui::TimelinePanel& timeline, const std::string& checkpoint) {
  for (const auto& mark : timeline.geometryNow().marks) {
    if (timeline.lanes()[mark.lane].marks[mark.shown].id == checkpoint) return mark;
  }
  return {};
}

inline QPoint pointOf(const ui::PlacedMark& mark) {
  return {static_cast<int>(std::lround(mark.x)), static_cast<int>(std::lround(mark.y))};
}

}  // namespace cairn::tests
