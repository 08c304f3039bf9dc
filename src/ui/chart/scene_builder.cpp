#include "ui/chart/scene_builder.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "core/text.h"
#include "ui/chart/axis_ticks.h"
#include "ui/chart/series_store.h"
#include "ui/run_colors.h"

namespace cairn::ui {

namespace {

using core::Series;

constexpr std::size_t kMostRows = 12;  ///< of a crowd, in a card

bool isValidation(Series series) { return series == Series::ValLoss || series == Series::ValAccuracy; }

QString shortName(Series series) {
  switch (series) {
    case Series::TrainLoss:
    case Series::TrainAccuracy: return QStringLiteral(" train");
    case Series::ValLoss:
    case Series::ValAccuracy: return QStringLiteral(" val");
    default: return {};
  }
}

DrawnCurve curveOf(const SeriesStore& store, const core::RunRecord& run, Series series) {
  return {store.curve(run.id, series), &store.clock(run.id), run.id, series,
          QString::fromStdString(run.name) + shortName(series), {}, isValidation(series), false, {}, 0, false, run.id};
}

/// The parents' parts of a branch, as far back as no shown run draws them anyway.
void addInherited(std::vector<DrawnCurve>& curves, const HomeSnapshot& home, const SeriesStore& store,
                  const std::unordered_set<std::string_view>& shown, const core::RunRecord& branch, Series series) {
  double last = static_cast<double>(branch.parentStep);
  for (auto parent = branch.parentRun; !parent.empty() && !shown.contains(parent);) {
    const auto* run = home.run(parent);
    if (!run) return;
    auto part = curveOf(store, *run, series);
    part.inherited = true;
    part.run = branch.id;
    part.range.last = last;
    if (part.curve) curves.push_back(part);
    last = std::min(last, static_cast<double>(run->parentStep));
    parent = run->parentRun;
  }
}

bool covers(const DrawnCurve& curve, double step) {
  return curve.curve->size() > 0 && step >= static_cast<double>(curve.curve->steps().at(0)) && step > curve.range.after &&
         step <= std::min(curve.range.last, static_cast<double>(curve.curve->lastStep()));
}

}  // namespace

const std::vector<SeriesGroup>& seriesGroups() {
  static const std::vector<SeriesGroup> groups = {{"loss", "loss", {Series::TrainLoss, Series::ValLoss}},
                                                  {"accuracy", "accuracy", {Series::TrainAccuracy, Series::ValAccuracy}},
                                                  {"learning rate", "lr", {Series::Lr}},
                                                  {"gradient norm", "gradient", {Series::GradNorm}},
                                                  {"step time", "time", {Series::StepSeconds}}};
  return groups;
}

std::vector<DrawnCurve> drawnCurves(const HomeSnapshot& home, const SeriesStore& store,
                                    const std::vector<std::string>& runs, const SeriesGroup& group, bool parents) {
  std::vector<DrawnCurve> curves;
  const std::unordered_set<std::string_view> shown(runs.begin(), runs.end());
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t place = 0; place < home.runs.size(); ++place) places.emplace(home.runs[place].id, place);
  for (const auto& id : runs) {
    const auto place = places.find(id);
    if (place == places.end()) continue;
    const auto& run = home.runs[place->second];
    const auto color = colorOfRun(run, place->second);
    const auto first = curves.size();
    for (const auto series : group.series) {
      if (parents) addInherited(curves, home, store, shown, run, series);
      if (auto own = curveOf(store, run, series); own.curve) curves.push_back(own);
    }
    for (auto i = first; i < curves.size(); ++i) curves[i].color = color;
  }
  return curves;
}

double valueAt(const DrawnCurve& curve, double x, XAxis::Unit unit) {
  const double step = curve.clock->step(x + curve.shift, unit);
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  if (!covers(curve, std::round(step))) return kNone;
  const auto& steps = curve.curve->steps();
  const auto& values = curve.curve->smooth();
  auto at = std::min(steps.lowerBound(std::round(step)), std::min(steps.size(), values.size()) - 1);
  const auto stepsAt = static_cast<double>(steps.at(at));
  if (at == 0 || stepsAt <= step) return values.at(at);
  const auto before = static_cast<double>(steps.at(at - 1));
  const double part = (step - before) / (stepsAt - before);
  return values.at(at - 1) + (values.at(at) - values.at(at - 1)) * part;
}

namespace {
struct CurvesOfRun {
  const DrawnCurve* first = nullptr;
  const DrawnCurve* dashed = nullptr;  ///< the validation's, on which the best one stands
};
}  // namespace

std::vector<ChartMark> chartMarks(const HomeSnapshot& home, const std::vector<DrawnCurve>& curves, XAxis::Unit unit,
                                  const std::string& selected, const FilteredHome& filter) {
  std::map<std::string, CurvesOfRun> runs;
  for (const auto& curve : curves) {
    if (curve.inherited) continue;
    auto& own = runs[curve.run];
    if (!own.first) own.first = &curve;
    if (curve.dashed) own.dashed = &curve;
  }
  std::vector<ChartMark> marks;
  for (const auto& [run, own] : runs) {
    for (const auto& checkpoint : home.checkpointsOf(run)) {
      const bool isSelected = checkpoint.id == selected;
      const bool seen = checkpoint.state == core::CheckpointState::Ready && filter.checkpoint(checkpoint.id);
      if (!seen && !isSelected) continue;
      const bool best = seen && checkpoint.roles.contains("best");
      const double x = own.first->clock->x(static_cast<double>(checkpoint.step), unit) - own.first->shift;
      double y = best && own.dashed ? valueAt(*own.dashed, x, unit) : std::numeric_limits<double>::quiet_NaN();
      if (!std::isfinite(y)) y = valueAt(*own.first, x, unit);
      if (std::isfinite(y)) marks.push_back({run, checkpoint.id, x, y, own.first->color, best, isSelected});
    }
  }
  return marks;
}

const core::CheckpointRecord* nearestCheckpoint(const HomeSnapshot& home, const DrawnCurve& curve, double x, XAxis::Unit unit,
                                                const FilteredHome& filter) {
  const core::CheckpointRecord* nearest = nullptr;
  double distance = std::numeric_limits<double>::infinity();
  for (const auto& checkpoint : home.checkpointsOf(curve.owner)) {
    const auto step = static_cast<double>(checkpoint.step);
    const bool seen = checkpoint.state == core::CheckpointState::Ready && filter.checkpoint(checkpoint.id);
    if (!seen || step <= curve.range.after || step > curve.range.last) continue;
    const double away = std::abs(curve.clock->x(step, unit) - curve.shift - x);
    if (away >= distance) continue;
    distance = away;
    nearest = &checkpoint;
  }
  return nearest;
}

ValueCard cardAt(const HomeSnapshot& home, const std::vector<DrawnCurve>& curves, double x, XAxis::Unit unit) {
  ValueCard card;
  card.title = xText(x, unit);
  int more = 0;
  const auto add = [&](const DrawnCurve& curve) {
    const double step = std::round(curve.clock->step(x + curve.shift, unit));
    if (!covers(curve, step)) return;
    if (curve.quiet && card.rows.size() >= kMostRows) {
      ++more;
      return;
    }
    const auto at = std::min(curve.curve->steps().lowerBound(step), curve.curve->size() - 1);
    const auto nearest = curve.curve->steps().at(at);
    if (card.rows.empty()) {
      card.title = QStringLiteral("step ") + QString::fromStdString(core::withThousands(static_cast<std::int64_t>(step)));
      card.title += QStringLiteral(" · epoch ") + QString::number(curve.clock->x(step, XAxis::Unit::Epoch), 'f', 1);
    }
    const auto* run = home.run(curve.run);
    const bool best = curve.dashed && run && run->best && run->best->step == nearest;
    // A validation value, say, is of an epoch's end: it is not of the step that the title names.
    const auto name = static_cast<double>(nearest) == step
                          ? curve.name
                          : QStringLiteral("%1 @ %2").arg(curve.name, QString::fromStdString(core::withThousands(nearest)));
    card.rows.push_back({curve.color, name, valueText(curve.curve->raw().at(at)), best});
    if (!curve.quiet && curve.curve->smoothing() > 0 && at < curve.curve->smooth().size()) {
      card.rows.push_back({{}, curve.name + QStringLiteral(", smoothed"), valueText(curve.curve->smooth().at(at)), false});
    }
  };
  for (const bool quiet : {false, true}) {
    for (const auto& curve : curves) {
      if (curve.quiet == quiet) add(curve);
    }
  }
  if (more > 0) card.rows.push_back({{}, QObject::tr("and %1 more").arg(more), {}, false});
  return card;
}

std::optional<std::pair<double, double>> yExtent(const std::vector<DrawnCurve>& curves, const Window& window, bool logarithmic) {
  Summary seen;
  for (const auto& curve : curves) {
    const Window own{window.lower + curve.shift, window.upper + curve.shift, window.width, window.unit};
    seen.add(summaryOf(*curve.curve, *curve.clock, own, curve.range));
  }
  if (seen.empty()) return {};
  double lower = seen.min, upper = seen.max;
  if (!logarithmic) {
    const double room = upper > lower ? (upper - lower) * 0.05 : std::max(std::abs(upper) * 0.1, 1e-9);
    return std::pair(lower - room, upper + room);
  }
  lower = std::isfinite(seen.minPositive) ? seen.minPositive : 1e-3;
  upper = std::max(upper, lower);
  const double room = std::max(std::pow(upper / lower, 0.05), 1.05);
  return std::pair(lower / room, upper * room);
}

std::pair<double, double> xExtent(const HomeSnapshot& home, const SeriesStore& store,
                                  const std::vector<std::string>& runs, XAxis::Unit unit) {
  double first = std::numeric_limits<double>::infinity(), last = -first;
  const std::unordered_set<std::string_view> shown(runs.begin(), runs.end());
  for (const auto& run : home.runs) {
    if (!shown.contains(run.id)) continue;
    const auto& clock = store.clock(run.id);
    auto newest = run.step;
    if (const auto* curve = store.curve(run.id, Series::TrainLoss)) newest = std::max(newest, curve->lastStep());
    // A running run's limit is in sight from the start: the curve grows into the picture, and nothing jumps.
    if (run.status == core::RunStatus::Running) newest = std::max(newest, run.totalSteps);
    first = 0;
    last = std::max(last, clock.x(static_cast<double>(newest), unit));
  }
  return {first, last};
}

}  // namespace cairn::ui
