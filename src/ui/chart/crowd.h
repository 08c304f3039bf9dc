// What is drawn of a run among very many: so that hundreds of curves can be zoomed without a stutter, and seen at all.
// Pure function.
#pragma once

#include <string>
#include <vector>

#include "ui/chart/chart_scene.h"

namespace cairn::ui {

inline constexpr std::size_t kCrowd = 24;  ///< runs, from more than which they are a crowd

/// Of a crowd, the selected run is drawn whole, on top; of each other the first series of the group stays, as a thin line
/// (DrawnCurve::quiet).
void quietCrowd(std::vector<DrawnCurve>& curves, std::size_t runs, const std::string& selected);

}  // namespace cairn::ui
