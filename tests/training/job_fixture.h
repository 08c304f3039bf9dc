// What the tests of jobs share: a small run on data that they write, and a sink that counts.
#pragma once

#include <QTemporaryDir>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "core/events.h"
#include "storage/catalog.h"
#include "training/job.h"

namespace cairn::tests {

/// Counts what arrives, and may act on the training thread's events through `act`.
class CountingSink : public core::EventSink {
 public:
  void post(const core::Event& event) override {
    if (std::holds_alternative<core::CheckpointStored>(event)) ++stored;
    if (const auto* batch = std::get_if<core::MetricsMeasured>(&event))
      for (const auto& point : batch->points) lastStep = point.step;
    if (act) act(event);
  }
  std::atomic<int> stored{0};
  std::atomic<std::int64_t> lastStep{0};
  std::function<void(const core::Event&)> act;
};

/// Two interleaved half circles would need a net; two noisy clusters do for a job.
inline void writeClusters(const std::filesystem::path& file, int rows = 120) {
  std::ofstream out(file);
  out << "x,y,side\n";
  for (int i = 0; i < rows; ++i) {
    const double turn = i * 2.399963;
    const double side = i % 2 ? 1.0 : -1.0;
    out << side + std::cos(turn) << ',' << side - std::sin(turn) << ',' << (i % 2 ? "right" : "left") << '\n';
  }
}

/// A home and the data in a folder of the test's own.
struct JobFixture {
  JobFixture() { writeClusters(root() / "clusters.csv"); }

  std::filesystem::path root() const { return folder.path().toStdString(); }
  storage::Home home() const { return storage::Home(root() / "home"); }
  storage::Catalog read() const { return {home(), storage::Catalog::Access::Read}; }
  storage::Catalog write() const { return {home(), storage::Catalog::Access::Write}; }

  /// 3 steps an epoch, 12 in all; `settings` as cairnctl's --set takes them.
  core::RunSpec spec(const std::vector<std::string>& settings = {}) const {
    const auto plain = core::parseRunSpec(
        {{"name", "clusters"},
         {"data", {{"format", "csv"}, {"path", "clusters.csv"}, {"target", "side"}, {"validation_fraction", 0.2}}},
         {"model", {{"type", "MLP"}, {"hidden", {8}}, {"dropout", 0.2}}},
         {"loss", "CrossEntropyLoss"},
         {"optimizer", {{"type", "Adam"}, {"lr", 0.01}}},
         {"training", {{"epochs", 4}, {"batch_size", 32}, {"seed", 3}, {"threads", 1}, {"device", "cpu"}}},
         {"checkpoints", {{"every_epochs", 1}, {"keep_last", 0}}}},
        root());
    return core::withSettings(plain, settings, root());
  }

  static std::string finish(std::unique_ptr<training::Job> job) {
    CountingSink sink;
    job->start(sink);
    job->wait();
    return job->run();
  }
  std::string trained(const std::vector<std::string>& settings = {}) const {
    return finish(training::Job::train(home(), spec(settings)));
  }

  static void flipByte(const std::string& path, std::int64_t offset) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(offset);
    const char byte = static_cast<char>(file.get() ^ 0x40);
    file.seekp(offset);
    file.put(byte);
  }

  QTemporaryDir folder;
};

}  // namespace cairn::tests
