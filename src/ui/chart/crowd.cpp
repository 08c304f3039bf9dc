#include "ui/chart/crowd.h"

#include <algorithm>

namespace cairn::ui {

void quietCrowd(std::vector<DrawnCurve>& curves, std::size_t runs, const std::string& selected) {
  if (runs <= kCrowd) return;
  std::erase_if(curves, [&](const DrawnCurve& curve) {
    return curve.run != selected && (curve.dashed || curve.inherited || curve.curve->size() == 0);
  });
  for (auto& curve : curves) curve.quiet = curve.run != selected;
  std::stable_partition(curves.begin(), curves.end(), [](const DrawnCurve& curve) { return curve.quiet; });
}

}  // namespace cairn::ui
