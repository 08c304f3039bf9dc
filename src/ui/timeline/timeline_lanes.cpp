#include "ui/timeline/timeline_lanes.h"

#include <QObject>
#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "core/text.h"
#include "ui/chart/axis_ticks.h"
#include "ui/chart/series_store.h"
#include "ui/checkpoint_names.h"
#include "ui/run_colors.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

constexpr std::size_t kMostRows = 6;
constexpr qsizetype kMostLetters = 70;

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
  if (checkpoint.kind == CheckpointKind::Averaged) return MarkShape::Twin;
  if (checkpoint.kind == CheckpointKind::Imported) return MarkShape::Diamond;
  if (checkpoint.kind == CheckpointKind::Final || roles.contains("final")) return MarkShape::Square;
  return checkpoint.kind == CheckpointKind::Recreated || roles.contains("recreated") ? MarkShape::Ringed : MarkShape::Dot;
}

TimelineMark markOf(const core::CheckpointRecord& checkpoint, double x) {
  const bool there = checkpoint.state == CheckpointState::Ready;
  return {checkpoint.id, checkpoint.step, x, shapeOf(checkpoint), there && checkpoint.roles.contains("best"),
          checkpoint.kind == CheckpointKind::Manual || checkpoint.roles.contains("manual"), checkpoint.pinned};
}

/// Shown runs, each followed by its branches.
class LaneOrder {
 public:
  LaneOrder(const HomeSnapshot& home, const std::vector<std::string>& shown) : home_(home) {
    const std::unordered_set<std::string> wanted(shown.begin(), shown.end());
    for (std::size_t place = 0; place < home.runs.size(); ++place) {
      const auto& run = home.runs[place];
      if (!wanted.contains(run.id)) continue;
      if (wanted.contains(run.parentRun)) branches_[run.parentRun].push_back(place);
      else roots_.push_back(place);
    }
  }

  std::vector<TimelineLane> lanes() {
    for (const auto root : roots_) add(root, -1);
    return std::move(lanes_);
  }

 private:
  void add(std::size_t place, int parent) {
    const auto& run = home_.runs[place];
    const auto own = static_cast<int>(lanes_.size());
    TimelineLane lane;
    lane.run = run.id;
    lane.name = text(run.name);
    lane.color = colorOfRun(run, place);
    lane.parent = parent;
    lane.branch = !run.parentRun.empty();
    lane.running = run.status == core::RunStatus::Running;
    lanes_.push_back(std::move(lane));
    for (const auto branch : branches_[run.id]) add(branch, own);
  }

  const HomeSnapshot& home_;
  std::vector<std::size_t> roots_;
  std::unordered_map<std::string, std::vector<std::size_t>> branches_;
  std::vector<TimelineLane> lanes_;
};

/// Where the checkpoints stand that an average began as the mean of: of lanes that are shown.
void addOrigins(std::vector<TimelineLane>& lanes, const HomeSnapshot& home, XAxis::Unit unit, const SeriesStore& store) {
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < lanes.size(); ++i) places.emplace(lanes[i].run, i);
  for (auto& lane : lanes) {
    for (const auto& mean : home.checkpointsOf(lane.run)) {
      if (mean.state == CheckpointState::Deleted || mean.parents.empty()) continue;
      lane.startX = store.clock(lane.run).x(static_cast<double>(mean.step), unit);  // it took no step before
      for (const auto& id : mean.parents) {
        const auto* parent = home.checkpoint(id);
        const bool seen = parent && parent->state != CheckpointState::Deleted;
        const auto place = seen ? places.find(parent->run) : places.end();
        if (place == places.end()) continue;
        const double from = store.clock(parent->run).x(static_cast<double>(parent->step), unit);
        lane.origins.push_back({place->second, from, lane.startX});
      }
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

QString shortened(const QString& words) {
  return words.size() > kMostLetters ? QString(words.left(kMostLetters - 1) + QChar(0x2026)) : words;
}

}  // namespace

std::int64_t newestStep(const core::RunRecord& run, const SeriesStore& store) {
  const auto* curve = store.curve(run.id, core::Series::TrainLoss);
  return std::max({run.step, run.parentStep, curve ? curve->lastStep() : 0});
}

std::vector<TimelineLane> timelineLanes(const HomeSnapshot& home, const SeriesStore& store, const TimelineAsked& asked) {
  struct Place {
    TimelineLane* lane;
    const RunClock* clock;
  };
  auto lanes = LaneOrder(home, asked.runs).lanes();
  std::unordered_map<std::string, Place> byRun;
  for (auto& lane : lanes) {
    const auto& run = *home.run(lane.run);
    const auto& clock = store.clock(run.id);
    lane.startX = clock.x(static_cast<double>(run.parentStep), asked.unit);
    lane.endX = clock.x(static_cast<double>(newestStep(run, store)), asked.unit);
    byRun[run.id] = {&lane, &clock};
  }
  for (auto& [id, place] : byRun) {
    for (const auto& checkpoint : home.checkpointsOf(id)) {
      if (checkpoint.state == CheckpointState::Deleted) continue;
      const double x = place.clock->x(static_cast<double>(checkpoint.step), asked.unit);
      if (asked.filter.checkpoint(checkpoint.id) || checkpoint.id == asked.selected) place.lane->marks.push_back(markOf(checkpoint, x));
      else place.lane->dimmed.push_back(x);
    }
  }
  for (const auto& [run, event] : home.events) {
    const auto at = byRun.find(run);
    if (at == byRun.end() || !isShown(event)) continue;
    const double x = at->second.clock->x(static_cast<double>(event.step), asked.unit);
    at->second.lane->events.push_back({event.step, x, signOf(event), wordsOf(event)});
  }
  addOrigins(lanes, home, asked.unit, store);
  const auto byX = [](const auto& a, const auto& b) { return a.x < b.x; };
  for (auto& lane : lanes) {
    std::stable_sort(lane.marks.begin(), lane.marks.end(), byX);
    std::stable_sort(lane.events.begin(), lane.events.end(), byX);
    std::sort(lane.dimmed.begin(), lane.dimmed.end());
  }
  return lanes;
}

QString checkpointLine(const core::CheckpointRecord& checkpoint) {
  QStringList parts{QObject::tr("step %1").arg(count(checkpoint.step))};
  if (const auto value = checkpoint.metrics.find("val/loss"); value != checkpoint.metrics.end()) {
    parts << QObject::tr("val %1").arg(shortMetricValue("val/loss", value->second));
  } else if (checkpoint.loss) {
    parts << QObject::tr("loss %1").arg(shortMetricValue("train/loss", *checkpoint.loss));
  }
  parts << text(core::toText(checkpoint.kind));
  if (checkpoint.roles.contains("best")) parts << QObject::tr("best");
  if (checkpoint.pinned) parts << QObject::tr("pinned");
  if (checkpoint.state != CheckpointState::Ready) parts << stateText(checkpoint);
  return parts.join(QStringLiteral(" · "));
}

ValueCard eventCard(const TimelineLane& lane, const PlacedEvent& placed) {
  ValueCard card;
  card.title = lane.name;
  for (std::size_t i = placed.first; i < placed.first + placed.count; ++i) {
    if (card.rows.size() == kMostRows) {
      card.rows.push_back({{}, QObject::tr("and %1 more").arg(placed.first + placed.count - i), {}, false});
      break;
    }
    const auto& event = lane.events[i];
    card.rows.push_back({{}, QObject::tr("step %1").arg(count(event.step)), shortened(event.words), false});
  }
  return card;
}

ValueCard checkpointCard(const HomeSnapshot& home, const core::CheckpointRecord& checkpoint, std::size_t others, bool gathered) {
  const auto* run = home.run(checkpoint.run);
  ValueCard card;
  card.title = QObject::tr("step %1 · epoch %2")
                   .arg(QString::fromStdString(core::withThousands(checkpoint.step)))
                   .arg(checkpoint.epoch);
  if (run) card.rows.push_back({colorOfRun(home, run->id), QString::fromStdString(run->name), {}, false});
  for (const auto& parent : checkpoint.parents) {
    card.rows.push_back({{}, QObject::tr("Mean of"), shortened(checkpointName(home, parent)), false});
  }
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
  if (checkpoint.pinned) card.rows.push_back({{}, QObject::tr("Pinned: never pruned"), {}, false});
  if (!checkpoint.tags.empty()) {
    QStringList tags;
    for (const auto& tag : checkpoint.tags) tags << text(tag);
    card.rows.push_back({{}, QObject::tr("Tags"), shortened(tags.join(QStringLiteral(", "))), false});
  }
  if (!checkpoint.note.empty()) card.rows.push_back({{}, shortened(text(checkpoint.note).section(QLatin1Char('\n'), 0, 0)), {}, false});
  if (others > 0) {
    card.rows.push_back({{}, gathered ? QObject::tr("and %1 more here: click to see them").arg(others)
                                      : QObject::tr("and %1 pruned beside it: double-click to see them").arg(others), {}, false});
  }
  return card;
}

}  // namespace cairn::ui
