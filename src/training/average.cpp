#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "engine/face/engine.h"
#include "storage/checkpoint_files.h"
#include "training/comparison.h"
#include "training/history.h"
#include "training/new_run.h"
#include "training/stoppable.h"

namespace cairn::training {

namespace {

using storage::Catalog;

core::RunRecord runOf(const engine::AveragedCheckpoint& made, core::RunRecord run) {
  run.spec = made.spec;
  run.status = core::RunStatus::Paused;
  run.step = made.record.step;
  run.epoch = made.record.epoch;
  run.totalSteps = made.totalSteps;
  return run;
}

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

/// The file first, then all rows at once: a run without its checkpoint would start from nothing.
void store(Catalog& catalog, const core::RunRecord& run, const engine::AveragedCheckpoint& made,
           core::CheckpointRecord& record) {
  const auto target = catalog.home().checkpointFile(run.id, record.step, record.id);
  const auto written = storage::writeCheckpointFile(catalog.files(), target, *made.state);
  record.path = written.path.string();
  record.bytes = static_cast<std::int64_t>(written.bytes);
  record.fileHash = written.fileHash;
  record.hash = written.stateHash;
  try {
    catalog.inTransaction([&] {
      catalog.insertRun(run);
      catalog.insertCheckpoint(record);
      const auto points = pointsOf(made);
      catalog.appendMetrics(run.id, points);
      catalog.appendEvent(run.id, {record.step, kAveragedEvent, nlohmann::json{{"parents", record.parents}}.dump(),
                                   core::nowIso8601()});
    });
  } catch (...) {
    try {
      catalog.files().unlink(written.path);
    } catch (const Error&) {
      // The first error counts; a file without a row harms nobody, and repair sets it aside.
    }
    throw;
  }
}

}  // namespace

std::string averageName(const std::vector<core::Compared>& of) {
  std::string name = "average of";
  for (const auto& one : of)
    name += fmt::format("{} {}@{}", &one == &of.front() ? "" : ",", one.run.name, one.checkpoint.step);
  return name;
}

Averaged averageCheckpoints(const storage::Home& home, const std::vector<std::string>& checkpoints,
                            const std::string& name, const core::Progress& progress, std::stop_token stop) {
  if (checkpoints.size() < core::kFewestCompared || checkpoints.size() > core::kMostCompared)
    throw Error::invalid("checkpoints", fmt::format("{} were named", checkpoints.size()), "name two to four");
  Catalog catalog(home, Catalog::Access::Write);
  const auto watched = stoppable(progress, std::move(stop));
  std::vector<core::Compared> parents;
  engine::ComparedFiles files;
  for (const auto& id : checkpoints) {
    const auto checkpoint = catalog.checkpoint(id);
    parents.push_back({checkpoint, catalog.run(checkpoint.run)});
    files.push_back({storage::readCheckpoint(catalog.files(), checkpoint, watched), parents.back().run.spec});
  }
  core::RunSpec spec = files.front().spec;
  spec.name = name.empty() ? averageName(parents) : name;
  auto run = newRecord(std::move(spec));
  auto made = engine::engine().average(files, run.id, run.name, watched);
  if (!watched("Saving", 0, 0)) throw Error::cancelled("the average");
  run = runOf(made, std::move(run));
  const auto lock = takeLock(catalog, run.id, run.name);
  auto record = made.record;
  record.parents = checkpoints;
  store(catalog, run, made, record);
  return {catalog.run(run.id), catalog.checkpoint(record.id), std::move(made.notes)};
}

}  // namespace cairn::training
