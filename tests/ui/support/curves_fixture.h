// A home with three runs (one running, two branches of it), their curves and checkpoints, and the chart and the timeline
// over it.
#pragma once

#include <QTemporaryDir>
#include <QTest>
#include <QVBoxLayout>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>

#include "storage/catalog.h"
#include "ui/catalog_client.h"
#include "ui/chart/chart_panel.h"
#include "ui/chart/series_store.h"
#include "ui/selection.h"
#include "ui/timeline/timeline_panel.h"
#include "ui/x_axis.h"

namespace cairn::tests {

class CurvesFixture {
 public:
  static constexpr std::int64_t kEpoch = 500;  ///< steps

  CurvesFixture() : home(folder.path().toStdString()) {
    storage::Catalog catalog(home, storage::Catalog::Access::Write);
    catalog.files().makeFolders(home.runFolder("aaaaaaaaaaaaaaaa"));
    lock = catalog.files().tryLock(home.runLock("aaaaaaaaaaaaaaaa"));
    addRun(catalog, "aaaaaaaaaaaaaaaa", "digits-cnn", core::RunStatus::Running, 0, 5420);
    addCheckpoints(catalog, "aaaaaaaaaaaaaaaa", 300, 5400, 3000);
    addRun(catalog, "bbbbbbbbbbbbbbbb", "lr 0.003", core::RunStatus::Completed, 2100, 7000);
    addCheckpoints(catalog, "bbbbbbbbbbbbbbbb", 2400, 6900, 5700);
    addRun(catalog, "cccccccccccccccc", "dropout 0.3", core::RunStatus::Paused, 3000, 5000);
    addCheckpoints(catalog, "cccccccccccccccc", 3300, 4800, 4200);
  }

  void open(std::vector<std::string> shown, QSize size = {1100, 780}) {
    client = std::make_unique<ui::CatalogClient>(home);
    window = std::make_unique<QWidget>();
    auto* column = new QVBoxLayout(window.get());
    column->setContentsMargins(0, 0, 0, 0);
    chart = new ui::ChartPanel(*client, selection, axis, window.get());
    timeline = new ui::TimelinePanel(*client, selection, axis, window.get());
    column->addWidget(chart, 3);
    column->addWidget(timeline, 1);
    window->resize(size);
    window->show();
    chart->setShownRuns(shown);
    timeline->setShownRuns(shown);
    QTRY_VERIFY(client->loaded());
    if (shown.empty()) return;
    QTRY_VERIFY(!chart->scene().curves.empty() && !chart->scene().marks.empty());
    QTRY_VERIFY(!ui::SeriesStore::of(*client).reading() && axis.upper() > 1);
    QTRY_COMPARE(timeline->lanes().size(), shown.size());
    QTest::qWait(80);  // two frames: the last drawing is done
  }
  ~CurvesFixture() {
    window.reset();
    client.reset();
  }

  static double lossAt(std::int64_t step) {
    return 2.3 * std::exp(-static_cast<double>(step) / 700) + 0.05 + 0.02 * std::sin(static_cast<double>(step * step % 97));
  }

  static std::string checkpointId(const std::string& run, std::int64_t step) {
    return run.substr(0, 8) + QString::number(step).rightJustified(8, QLatin1Char('0')).toStdString();
  }

  QTemporaryDir folder;
  storage::Home home;
  std::unique_ptr<storage::FileLock> lock;  ///< of the run that "runs"
  std::unique_ptr<ui::CatalogClient> client;
  ui::Selection selection;
  ui::XAxis axis;
  std::unique_ptr<QWidget> window;
  ui::ChartPanel* chart = nullptr;
  ui::TimelinePanel* timeline = nullptr;

 private:
  static core::RunSpec spec(const std::string& name) {
    auto json = nlohmann::json::parse(R"({"loss": "CrossEntropyLoss", "model": {"type": "MLP"},
        "data": {"format": "csv", "path": "digits.csv", "target": "digit", "validation_fraction": 0.2},
        "training": {"epochs": 18}})");
    json["name"] = name;
    return core::parseRunSpec(json, "/data");
  }

  static void addRun(storage::Catalog& catalog, const std::string& id, const std::string& name, core::RunStatus status,
                     std::int64_t from, std::int64_t to) {
    core::RunRecord run;
    run.id = id;
    run.name = name;
    run.spec = spec(name);
    run.totalSteps = 9000;
    if (from > 0) {
      run.parentRun = "aaaaaaaaaaaaaaaa";
      run.parentStep = from;
      run.parentCheckpoint = checkpointId("aaaaaaaaaaaaaaaa", from);
    }
    catalog.insertRun(run);
    catalog.setPlan(id, 9000, "cpu", 1);
    std::vector<core::MetricPoint> points;
    for (auto step = from + 1; step <= to; ++step) {
      const auto epoch = (step - 1) / kEpoch;
      const double seconds = 0.01 * static_cast<double>(step);
      points.push_back({core::Series::TrainLoss, step, epoch, seconds, lossAt(step) - (from > 0 ? 0.01 : 0)});
      points.push_back({core::Series::Lr, step, epoch, seconds, from > 0 ? 0.003 : 0.01});
      if (step % kEpoch == 0) {
        points.push_back({core::Series::ValLoss, step, step / kEpoch, seconds, lossAt(step) * 0.9 + 0.03});
      }
    }
    catalog.appendMetrics(id, points);
    catalog.setProgress(id, to, to / kEpoch);
    catalog.appendEvent(id, {from + 700, "lr", R"({"from": 0.01, "lr": 0.003})", "2026-11-23T20:00:00.000Z"});
    if (from == 0) {
      catalog.appendEvent(id, {4212, "interrupted", "{}", "2026-11-23T20:00:00.000Z"});
      catalog.appendEvent(id, {4201, "resumed", R"({"from_step": 4200, "changes": ["threads: 1, now 2"]})", "2026-11-23T20:01:00.000Z"});
    }
    catalog.setStatus(id, status);
  }

  static void addCheckpoints(storage::Catalog& catalog, const std::string& run, std::int64_t from, std::int64_t to,
                             std::int64_t best) {
    for (auto step = from; step <= to; step += 300) {
      core::CheckpointRecord record;
      record.id = checkpointId(run, step);
      record.run = run;
      record.step = step;
      record.epoch = step / kEpoch;
      record.loss = lossAt(step);
      record.metrics = {{"train/loss", lossAt(step)}, {"val/loss", lossAt(step) * 0.9}};
      record.bytes = 1'300'000;
      record.path = "none";
      record.createdAt = "2026-11-23T20:00:00.000Z";
      record.roles = {"periodic"};
      record.kind = step == 1800 ? core::CheckpointKind::Manual : core::CheckpointKind::Periodic;
      if (step == best) record.roles.insert("best");
      catalog.insertCheckpoint(record);
      if (step % 900 == 600 && step != best) catalog.setCheckpointState(record.id, core::CheckpointState::Pruned);
      if (step == 4500) catalog.setCheckpointState(record.id, core::CheckpointState::Damaged);
      if (step == 3600) catalog.setPinned(record.id, true);
    }
  }
};

}  // namespace cairn::tests
