#include "ui/timeline/timeline_lanes.h"

#include <QObject>
#include <algorithm>
#include <map>

#include "core/text.h"
#include "ui/chart/axis_ticks.h"
#include "ui/chart/series_store.h"
#include "ui/run_colors.h"

namespace cairn::ui {

namespace {

using core::CheckpointKind;
using core::CheckpointState;

MarkShape shapeOf(const core::CheckpointRecord& checkpoint) {
  switch (checkpoint.state) {
    case CheckpointState::Pruned:
    case CheckpointState::Deleted: return MarkShape::Hollow;
    case CheckpointState::Missing:
    case CheckpointState::Damaged: return MarkShape::Crossed;
    case CheckpointState::Ready: break;
  }
  const auto& roles = checkpoint.roles;
  if (checkpoint.kind == CheckpointKind::Imported || checkpoint.kind == CheckpointKind::Averaged) return MarkShape::Diamond;
  if (checkpoint.kind == CheckpointKind::Final || roles.contains("final")) return MarkShape::Square;
  return MarkShape::Dot;
}

TimelineMark markOf(const core::CheckpointRecord& checkpoint, double x) {
  const bool there = checkpoint.state == CheckpointState::Ready;
  return {checkpoint.id, checkpoint.step, x, shapeOf(checkpoint), there && checkpoint.roles.contains("best"),
          checkpoint.kind == CheckpointKind::Manual || checkpoint.roles.contains("manual"), checkpoint.pinned};
}

/// Shown runs, each followed by its branches.
void addFamily(const HomeSnapshot& home, const std::vector<std::string>& shown, const core::RunRecord& run, int parent,
               std::vector<TimelineLane>& lanes) {
  const auto own = static_cast<int>(lanes.size());
  lanes.push_back({.run = run.id, .parent = parent, .branch = !run.parentRun.empty(),
                   .running = run.status == core::RunStatus::Running});
  for (const auto& other : home.runs) {
    if (other.parentRun == run.id && std::find(shown.begin(), shown.end(), other.id) != shown.end()) {
      addFamily(home, shown, other, own, lanes);
    }
  }
}

QString stateText(const core::CheckpointRecord& checkpoint) {
  switch (checkpoint.state) {
    case CheckpointState::Ready:
      return checkpoint.verifiedAt.empty() ? QObject::tr("saved") : QObject::tr("saved, verified");
    case CheckpointState::Pruned: return QObject::tr("pruned: can be recreated");
    case CheckpointState::Deleted: return QObject::tr("in the trash");
    case CheckpointState::Missing: return QObject::tr("file missing");
    case CheckpointState::Damaged: return QObject::tr("file damaged");
  }
  return {};
}

QString nameOf(const std::string& series) {
  static const std::map<std::string, const char*> names = {{"train/loss", "Train loss"},
                                                           {"val/loss", "Validation loss"},
                                                           {"train/accuracy", "Train accuracy"},
                                                           {"val/accuracy", "Validation accuracy"},
                                                           {"lr", "Learning rate"}};
  const auto at = names.find(series);
  return at == names.end() ? QString() : QObject::tr(at->second);
}

}  // namespace

std::int64_t newestStep(const core::RunRecord& run, const SeriesStore& store) {
  const auto* curve = store.curve(run.id, core::Series::TrainLoss);
  return std::max({run.step, run.parentStep, curve ? curve->lastStep() : 0});
}

std::vector<TimelineLane> timelineLanes(const HomeSnapshot& home, const SeriesStore& store,
                                        const std::vector<std::string>& runs, XAxis::Unit unit) {
  std::vector<TimelineLane> lanes;
  const auto isShown = [&](const std::string& id) { return std::find(runs.begin(), runs.end(), id) != runs.end(); };
  for (const auto& run : home.runs) {
    if (isShown(run.id) && !isShown(run.parentRun)) addFamily(home, runs, run, -1, lanes);
  }
  std::map<std::string, TimelineLane*> byRun;
  for (auto& lane : lanes) {
    const auto& run = *home.run(lane.run);
    const auto& clock = store.clock(run.id);
    lane.startX = clock.x(static_cast<double>(run.parentStep), unit);
    lane.endX = clock.x(static_cast<double>(newestStep(run, store)), unit);
    byRun[run.id] = &lane;
  }
  for (auto& lane : lanes) {
    const auto& clock = store.clock(lane.run);
    for (const auto& checkpoint : home.checkpointsOf(lane.run)) {
      if (checkpoint.state == CheckpointState::Deleted) continue;
      lane.marks.push_back(markOf(checkpoint, clock.x(static_cast<double>(checkpoint.step), unit)));
    }
  }
  for (const auto& [run, event] : home.events) {
    const auto at = byRun.find(run);
    if (at != byRun.end()) at->second->events.push_back(store.clock(run).x(static_cast<double>(event.step), unit));
  }
  for (auto& lane : lanes) {
    std::stable_sort(lane.marks.begin(), lane.marks.end(), [](const auto& a, const auto& b) { return a.x < b.x; });
    std::sort(lane.events.begin(), lane.events.end());
  }
  return lanes;
}

ValueCard checkpointCard(const HomeSnapshot& home, const core::CheckpointRecord& checkpoint, std::size_t others) {
  const auto* run = home.run(checkpoint.run);
  ValueCard card;
  card.title = QObject::tr("step %1 · epoch %2")
                   .arg(QString::fromStdString(core::withThousands(checkpoint.step)))
                   .arg(checkpoint.epoch);
  if (run) card.rows.push_back({colorOfRun(home, run->id), QString::fromStdString(run->name), {}, false});
  if (checkpoint.loss && !checkpoint.metrics.contains("train/loss")) {
    card.rows.push_back({{}, QObject::tr("Train loss"), valueText(*checkpoint.loss), false});
  }
  const bool best = checkpoint.roles.contains("best");
  for (const auto& [series, value] : checkpoint.metrics) {
    if (const auto name = nameOf(series); !name.isEmpty()) {
      const bool monitored = best && run && run->spec.checkpoints.monitor == series;
      card.rows.push_back({{}, name, valueText(value), monitored});
    }
  }
  if (checkpoint.state == CheckpointState::Ready) {
    card.rows.push_back({{}, QObject::tr("File"), QString::fromStdString(core::humanBytes(checkpoint.bytes)), false});
  }
  card.rows.push_back({{}, QObject::tr("State"), stateText(checkpoint), false});
  if (others > 0) card.rows.push_back({{}, QObject::tr("and %1 more here: zoom in").arg(others), {}, false});
  return card;
}

}  // namespace cairn::ui
