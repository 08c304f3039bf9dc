#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/event_kinds.h"
#include "core/text.h"
#include "engine/face/engine.h"
#include "storage/checkpoint_files.h"
#include "storage/run_lock.h"
#include "training/comparison.h"
#include "training/new_run.h"

namespace cairn::training {

namespace {

using storage::Catalog;

/// Its evaluation, for the chart.
std::vector<core::MetricPoint> pointsOf(const engine::AveragedCheckpoint& made) {
  const auto seconds = made.state->at("cairn").number("elapsed_seconds");
  std::vector<core::MetricPoint> points;
  for (const auto series : {core::Series::ValLoss, core::Series::ValAccuracy})
    if (const auto known = made.record.metrics.find(std::string(core::seriesName(series)));
        known != made.record.metrics.end())
      points.push_back({series, made.record.step, made.record.epoch, seconds, known->second});
  return points;
}

void store(Catalog& catalog, const core::RunRecord& run, const engine::AveragedCheckpoint& made,
           core::CheckpointRecord& record) {
  storeNewRun(catalog, run, record, *made.state, [&] {
    const auto points = pointsOf(made);
    catalog.appendMetrics(run.id, points);
    catalog.appendEvent(run.id, {record.step, core::kAveragedEvent, nlohmann::json{{"parents", record.parents}}.dump(),
                                 core::nowIso8601()});
  });
}

}  // namespace

std::string averageName(const std::vector<core::Compared>& of) {
  std::string name = "average of";
  for (const auto& one : of)
    name += fmt::format("{} {}@{}", &one == &of.front() ? "" : ",", one.run.name, one.checkpoint.step);
  return name;
}

Averaged averageCheckpoints(const storage::Home& home, const std::vector<std::string>& checkpoints,
                            const std::string& name, const core::Progress& progress) {
  core::requireComparable(checkpoints.size());
  Catalog catalog(home, Catalog::Access::Write);
  std::vector<core::Compared> parents;
  engine::ComparedFiles files;
  for (const auto& id : checkpoints) {
    const auto checkpoint = catalog.checkpoint(id);
    parents.push_back({checkpoint, catalog.run(checkpoint.run)});
    files.push_back({storage::readCheckpoint(catalog.files(), checkpoint, progress), parents.back().run.spec});
  }
  core::RunSpec spec = files.front().spec;
  spec.name = name.empty() ? averageName(parents) : name;
  auto run = newRecord(std::move(spec));
  auto made = engine::engine().average(files, run.id, run.name, progress);
  if (progress && !progress("Saving", 0, 0)) throw Error::cancelled("the average");
  run.spec = made.spec;
  const auto lock = storage::takeRunLock(catalog.files(), home, run.id, run.name, storage::kAveraging);
  auto record = made.record;
  record.parents = checkpoints;
  store(catalog, pausedAt(record, made.totalSteps, run), made, record);
  return {catalog.run(run.id), catalog.checkpoint(record.id), std::move(made.notes)};
}

}  // namespace cairn::training
