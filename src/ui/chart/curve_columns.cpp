#include "ui/chart/curve_columns.h"

#include <algorithm>
#include <limits>

namespace cairn::ui {

namespace {

struct IndexRange {
  std::size_t begin = 0, end = 0;
};

IndexRange drawn(const SeriesCurve& curve, StepRange range) {
  return {curve.steps().lowerBound(range.after + 0.5), curve.steps().lowerBound(range.last + 0.5)};
}

IndexRange inSight(const SeriesCurve& curve, const RunClock& clock, const Window& window, IndexRange all) {
  const auto begin = curve.steps().lowerBound(clock.step(window.lower, window.unit));
  const auto end = curve.steps().lowerBound(clock.step(window.upper, window.unit) + 1e-6);
  return {std::clamp(begin, all.begin, all.end), std::clamp(end, all.begin, all.end)};
}

/// The newest smoothed value in [begin, end); NaN if the newest is a gap.
float lastSmooth(const SeriesCurve& curve, std::size_t begin, std::size_t end) {
  end = std::min(end, curve.smooth().size());
  return begin < end ? curve.smooth().at(end - 1) : std::numeric_limits<float>::quiet_NaN();
}

Columns pointsOf(const SeriesCurve& curve, const RunClock& clock, const Window& window, IndexRange range) {
  Columns result{true, {}};
  result.columns.reserve(range.end - range.begin);
  for (auto i = range.begin; i < range.end; ++i) {
    const double x = clock.x(static_cast<double>(curve.steps().at(i)), window.unit);
    result.columns.push_back({window.pixel(x), curve.raw().summary(i, i + 1), lastSmooth(curve, i, i + 1)});
  }
  return result;
}

}  // namespace

Columns columnsOf(const SeriesCurve& curve, const RunClock& clock, const Window& window, StepRange range) {
  const auto all = drawn(curve, range);
  const auto seen = inSight(curve, clock, window, all);
  if (seen.end - seen.begin <= static_cast<std::size_t>(std::max(1, window.width))) {
    return pointsOf(curve, clock, window,
                    {seen.begin > all.begin ? seen.begin - 1 : seen.begin, std::min(seen.end + 1, all.end)});
  }
  Columns result;
  result.columns.reserve(static_cast<std::size_t>(window.width));
  const double widthOfOne = (window.upper - window.lower) / window.width;
  auto begin = seen.begin;
  for (int pixel = 0; pixel < window.width && begin < seen.end; ++pixel) {
    const bool lastOne = pixel + 1 == window.width;
    const double right = clock.step(window.lower + (pixel + 1) * widthOfOne, window.unit);
    const auto end = lastOne ? seen.end : std::clamp(curve.steps().lowerBound(right), begin, seen.end);
    if (end > begin) {
      result.columns.push_back({pixel + 0.5, curve.raw().summary(begin, end), lastSmooth(curve, begin, end)});
    }
    begin = end;
  }
  return result;
}

Summary summaryOf(const SeriesCurve& curve, const RunClock& clock, const Window& window, StepRange range) {
  const auto seen = inSight(curve, clock, window, drawn(curve, range));
  return curve.raw().summary(seen.begin, seen.end);
}

}  // namespace cairn::ui
