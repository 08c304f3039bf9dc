// Runs and checkpoints on record without any training: rows by storage's own code, with small files in their places.
#pragma once

#include <QDir>
#include <QFile>
#include <QTest>
#include <nlohmann/json.hpp>
#include <string>

#include "storage/catalog.h"

namespace cairn::tests {

struct RunSample {
  std::string name = "digits-cnn";
  core::RunStatus status = core::RunStatus::Stopped;
  std::int64_t step = 1000;
  std::string parentCheckpoint = {};  ///< a branch of it
  double lr = 0.001;
  std::vector<std::string> tags = {};
};

struct CheckpointSample {
  double valLoss = 0.5;
  core::CheckpointKind kind = core::CheckpointKind::Periodic;
  int bytes = 1000;  ///< of its file
};

class HomeSamples {
 public:
  explicit HomeSamples(const storage::Home& home) : catalog(home, storage::Catalog::Access::Write) {}

  /// The id of a new run; its loss falls from 2 to 0 along its steps.
  std::string addRun(const RunSample& sample) {
    core::RunRecord run;
    run.id = nextId("a");
    run.name = sample.name;
    run.spec = specOf(sample);
    run.tags = sample.tags;
    if (!sample.parentCheckpoint.empty()) {
      const auto parent = catalog.checkpoint(sample.parentCheckpoint);
      run.parentCheckpoint = parent.id;
      run.parentRun = parent.run;
      run.parentStep = parent.step;
    }
    catalog.insertRun(run);
    catalog.setPlan(run.id, 2000, "cpu", 1);
    catalog.files().makeFolders(catalog.home().runFolder(run.id));
    std::vector<core::MetricPoint> points;
    for (auto step = run.parentStep + 1; step <= sample.step; ++step) {
      const double loss = 2.0 - 2.0 * static_cast<double>(step) / 2000;
      points.push_back({core::Series::TrainLoss, step, step / 100, 0.01 * static_cast<double>(step), loss});
    }
    catalog.appendMetrics(run.id, points);
    catalog.setProgress(run.id, sample.step, sample.step / 100);
    catalog.setStatus(run.id, sample.status);
    return run.id;
  }

  std::string addCheckpoint(const std::string& run, std::int64_t step, const CheckpointSample& sample = {}) {
    core::CheckpointRecord record;
    record.id = nextId("c");
    record.run = run;
    record.step = step;
    record.epoch = step / 100;
    record.kind = sample.kind;
    record.loss = 2.0 - 2.0 * static_cast<double>(step) / 2000;
    record.monitored = sample.valLoss;
    record.metrics = {{"train/loss", *record.loss}, {"val/loss", sample.valLoss}, {"lr", catalogLr(run)}};
    record.bytes = sample.bytes;
    record.path = catalog.home().checkpointFile(run, step, record.id).string();
    record.hash = record.fileHash = record.id;
    QFile file(QString::fromStdString(record.path));
    if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray(sample.bytes, 'x')) != sample.bytes) qFatal("no file");
    catalog.insertCheckpoint(record);
    return record.id;
  }

  storage::Catalog catalog;

 private:
  std::string nextId(const char* first) {
    return first + QString::number(++ids_).rightJustified(15, QLatin1Char('0')).toStdString();
  }

  double catalogLr(const std::string& run) { return core::learningRate(catalog.run(run).spec.optimizer); }

  static core::RunSpec specOf(const RunSample& sample) {
    auto json = nlohmann::json::parse(R"({"loss": "CrossEntropyLoss", "model": {"type": "MLP"},
        "data": {"format": "csv", "path": "digits.csv", "target": "digit", "validation_fraction": 0.2},
        "optimizer": {"type": "AdamW"}, "training": {"epochs": 20}})");
    json["name"] = sample.name;
    json["optimizer"]["lr"] = sample.lr;
    return core::parseRunSpec(json, "/data");
  }

  int ids_ = 0;
};

}  // namespace cairn::tests
