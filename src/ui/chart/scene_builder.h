// Makes the chart's scene from what the home and the store hold: which curves, in which colours, with which marks.
// GUI thread.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ui/chart/chart_scene.h"
#include "ui/filter/home_filter.h"
#include "ui/home_snapshot.h"

namespace cairn::ui {

class SeriesStore;

/// One tab of the chart.
struct SeriesGroup {
  const char* title;
  const char* shortTitle;  ///< where there is little room
  std::vector<core::Series> series;
};
const std::vector<SeriesGroup>& seriesGroups();

/// `parents`: with the parent's part of a branch whose parent is not shown.
std::vector<DrawnCurve> drawnCurves(const HomeSnapshot& home, const SeriesStore& store,
                                    const std::vector<std::string>& runs, const SeriesGroup& group, bool parents = true);
/// Durable checkpoints that the filter lets through, standing on their run's curve; the selected one in any case.
std::vector<ChartMark> chartMarks(const HomeSnapshot& home, const std::vector<DrawnCurve>& curves, XAxis::Unit unit,
                                  const std::string& selected, const FilteredHome& filter);
/// Of the run that owns the curve, among what the filter lets through, the one nearest to x on it; null if there is none.
const core::CheckpointRecord* nearestCheckpoint(const HomeSnapshot& home, const DrawnCurve& curve, double x, XAxis::Unit unit,
                                                const FilteredHome& filter);
/// What stands beside the cross-hair at x.
ValueCard cardAt(const HomeSnapshot& home, const std::vector<DrawnCurve>& curves, double x, XAxis::Unit unit);
/// [first, last] x of the shown runs, by their records and their curves; a running run has room to grow.
std::pair<double, double> xExtent(const HomeSnapshot& home, const SeriesStore& store,
                                  const std::vector<std::string>& runs, XAxis::Unit unit);
/// The drawn value at x: smoothed where it is; NaN where the curve does not reach.
double valueAt(const DrawnCurve& curve, double x, XAxis::Unit unit);
/// The y axis that shows all of the curves in `window`, with some room; none if nothing is there.
std::optional<std::pair<double, double>> yExtent(const std::vector<DrawnCurve>& curves, const Window& window, bool logarithmic);

}  // namespace cairn::ui
