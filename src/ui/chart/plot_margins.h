// Where the plot areas of the chart and the timeline begin and end, in pixels from their panels' edges: the same for
// both, so that an x stands at the same place in each.
#pragma once

namespace cairn::ui {

inline constexpr int kPlotLeft = 62;
inline constexpr int kPlotRight = 22;

}  // namespace cairn::ui
