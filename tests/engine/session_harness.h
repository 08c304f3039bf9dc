// Small runs for the tests: specs on data that the tests write, a sink that remembers, and a run from start to end.
#pragma once

#include <cmath>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/events.h"
#include "core/run_spec.h"
#include "engine/face/session.h"

namespace cairn::tests {

/// Remembers all events; `react`, if set, is called for each on the thread that posts it.
class MemorySink : public core::EventSink {
 public:
  std::function<void(const core::Event&)> react;

  void post(const core::Event& event) override;
  /// Blocks until the session reaches `state` (or a final one), at most half a minute.
  bool waitFor(core::SessionState state);

  // Read after the session has ended, or from react.
  std::vector<core::MetricPoint> points;
  std::vector<core::CheckpointTaken> checkpoints;
  std::vector<core::SessionStateChanged> states;
  std::vector<core::SettingChanged> settings;
  std::vector<core::PhaseProgress> progress;
  std::optional<core::TrainingStarted> started;

  const core::SessionStateChanged& last() const { return states.back(); }
  std::vector<double> series(core::Series series) const;

 private:
  std::mutex mutex_;  // guards all of the above while the session trains
  std::condition_variable changed_;
};

/// Trains to the end (or to the session's maxSteps).
std::unique_ptr<MemorySink> trained(engine::SessionOptions options);

/// A folder for this process, gone when the last test has ended.
std::filesystem::path dataFolder();
/// 60 rows of three features and a class or a value, a 40-image IDX pair of 8x8 pixels in 3 classes, some text.
std::filesystem::path csvFile();
std::filesystem::path idxFile(const std::string& kind);  ///< "images" or "labels"
std::filesystem::path textFile();

/// Parts of a spec; each small enough to train in milliseconds.
nlohmann::json mlpSpec();          ///< MLP with dropout on csvFile()
nlohmann::json cnnSpec();          ///< CNN with BatchNorm and dropout on idxFile()
nlohmann::json transformerSpec();  ///< on textFile()
core::RunSpec parsed(const nlohmann::json& spec);
engine::SessionOptions optionsFor(const nlohmann::json& spec);

/// What training depends on: the file's tree without ids, clocks and paths.
core::StateTree trainingState(const core::StateTree& checkpoint);
/// Points but for step_seconds and the clock of each, as text with every bit.
std::map<std::string, std::string> recorded(const std::vector<core::MetricPoint>& points);

}  // namespace cairn::tests
