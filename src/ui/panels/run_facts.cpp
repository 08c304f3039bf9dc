#include "ui/panels/run_facts.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

QString tr(const char* source) { return QCoreApplication::translate("cairn::ui::run_facts", source); }

QString dataName(const core::DataSpec& data) {
  const auto fileName = [](const std::string& path) { return QFileInfo(text(path)).fileName(); };
  if (const auto* csv = std::get_if<core::CsvData>(&data.source)) return fileName(csv->path);
  if (const auto* idx = std::get_if<core::IdxData>(&data.source)) return fileName(idx->images);
  return fileName(std::get<core::TextData>(data.source).path);
}

QString lossName(const core::RunSpec& spec) { return text(core::toJson(spec).at("loss").get<std::string>()); }

QString lengthOf(const core::TrainingSpec& training) {
  if (training.epochs) return epochs(*training.epochs);
  return training.steps ? steps(*training.steps) : QString();
}

RunProgress phaseProgress(const LiveRun& live) {
  RunProgress progress;
  progress.busy = live.phaseTotal <= 0;
  if (!progress.busy) progress.part = static_cast<double>(live.phaseDone) / static_cast<double>(live.phaseTotal);
  progress.words = live.phase.empty() ? tr("Getting ready…") : tr("%1…").arg(text(live.phase));
  return progress;
}

/// "repeating 7 of 12": after a crash, steps that are on record are taken again.
QString repeating(const LiveRun& live) {
  if (live.step >= live.recordedStep) return {};
  return tr("repeating %1 of %2").arg(count(live.step - live.plan.startStep), count(live.recordedStep - live.plan.startStep));
}

double partOf(std::int64_t done, std::int64_t total) {
  return total > 0 ? std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0) : 0.0;
}

/// Of a run that does not train now: what its newest checkpoints measured.
QList<Fact> lastValuesOf(const HomeSnapshot& snapshot, const core::RunRecord& run) {
  QList<Fact> facts;
  const auto checkpoints = snapshot.checkpointsOf(run.id);
  for (const auto series : {core::Series::TrainLoss, core::Series::TrainAccuracy, core::Series::ValLoss, core::Series::ValAccuracy}) {
    const std::string name(core::seriesName(series));
    const auto newest = std::find_if(checkpoints.rbegin(), checkpoints.rend(),
                                     [&](const core::CheckpointRecord& one) { return one.metrics.contains(name); });
    if (newest == checkpoints.rend()) continue;
    const double value = newest->metrics.at(name);
    const auto words = metricValue(name, value);
    facts.append({tr("Last %1").arg(metricTitle(name).toLower()),
                  newest->step == run.step ? words : tr("%1 @ %2").arg(words, count(newest->step)), text(core::roundTrip(value))});
  }
  return facts;
}

}  // namespace

RunProgress progressOf(const core::RunRecord& run, const LiveRun* live) {
  if (live && live->plan.totalSteps == 0) return phaseProgress(*live);
  const auto total = live ? live->plan.totalSteps : run.totalSteps;
  const auto step = live ? std::max(live->step, live->plan.startStep) : run.step;
  RunProgress progress{.part = partOf(step, total), .busy = false, .words = {}};
  QStringList parts;
  parts << (total > 0 ? tr("%1 of %2").arg(count(step), steps(total)) : steps(step));
  if (live) {
    if (const auto words = repeating(*live); !words.isEmpty()) parts << words;
    parts << tr("%1 elapsed").arg(duration(live->seconds));
    if (live->state == core::SessionState::Paused) {
      parts << tr("paused");
    } else if (live->state == core::SessionState::Validating) {
      parts << tr("validating");
    } else if (live->secondsLeft() >= 0) {
      parts << tr("%1 left").arg(duration(live->secondsLeft()));
    }
  } else {
    parts << stateName(run.status);
  }
  progress.words = parts.join(QStringLiteral(" · "));
  return progress;
}

QList<Fact> valuesOf(const HomeSnapshot& snapshot, const core::RunRecord& run, const LiveRun* live) {
  QList<Fact> facts;
  if (live) {
    for (const auto series : {core::Series::TrainLoss, core::Series::TrainAccuracy, core::Series::ValLoss,
                              core::Series::ValAccuracy, core::Series::GradNorm}) {
      const auto value = live->latest.find(series);
      if (value == live->latest.end()) continue;
      const auto name = core::seriesName(series);
      facts.append({metricTitle(name), metricValue(name, value->second), {}});
    }
    facts.append({tr("Speed"), tr("%1 steps/s").arg(QString::number(live->stepsPerSecond, 'f', 0)), {}});
  }
  if (!live && run.status != core::RunStatus::Running) facts = lastValuesOf(snapshot, run);
  const auto epoch = live ? live->epoch : run.epoch;
  const auto epochs = run.spec.training.epochs;
  facts.append({tr("Epoch"), epochs ? tr("%1 of %2").arg(count(epoch), count(*epochs)) : count(epoch), {}});
  if (run.best) {
    facts.append({tr("Best %1").arg(metricTitle(run.best->metric).toLower()),
                  tr("%1 @ %2").arg(metricValue(run.best->metric, run.best->value), count(run.best->step)), {}, true});
  }
  if (!run.device.empty()) {
    facts.append({tr("Device · threads"), QStringLiteral("%1 · %2").arg(text(run.device).toUpper()).arg(run.threads), {}});
  }
  if (const auto* parent = snapshot.run(run.parentRun)) {
    facts.append({tr("Branch of"), tr("%1 @ %2").arg(text(parent->name), count(run.parentStep)), {}});
  }
  facts.append({tr("Checkpoints"), bytes(run.checkpointBytes), {}});
  return facts;
}

QList<Fact> settingsOf(const core::RunRecord& run) {
  const auto& spec = run.spec;
  const auto scheduler = text(core::schedulerType(spec.lrScheduler));
  QList<Fact> facts{{tr("Model"), modelTitle(spec.model), {}},
                    {tr("Data"), dataName(spec.data), {}},
                    {tr("Loss"), lossName(spec), {}},
                    {tr("Optimizer"), tr("%1, lr %2").arg(text(core::optimizerType(spec.optimizer)),
                                                        number(core::learningRate(spec.optimizer))), {}}};
  if (!scheduler.isEmpty()) facts.append({tr("Schedule"), scheduler, {}});
  facts.append({tr("Batch size"), count(spec.training.batchSize), {}});
  facts.append({tr("Length"), lengthOf(spec.training), {}});
  facts.append({tr("Seed"), QString::number(spec.training.seed), {}});
  if (spec.earlyStopping) facts.append({tr("Early stopping"), tr("after %1").arg(epochs(spec.earlyStopping->patience)), {}});
  return facts;
}

}  // namespace cairn::ui
