#include "session_harness.h"

#include <fmt/format.h>
#include <unistd.h>

#include <bit>
#include <chrono>
#include <cstdint>
#include <fstream>

#include "engine/checkpoint_keys.h"
#include "engine/data/random.h"
#include "engine/loop/make_session.h"

namespace cairn::tests {

namespace keys = engine::keys;
using core::StateTree;

void MemorySink::post(const core::Event& event) {
  if (react) react(event);
  {
    const std::lock_guard lock(mutex_);
    if (const auto* measured = std::get_if<core::MetricsMeasured>(&event))
      points.insert(points.end(), measured->points.begin(), measured->points.end());
    if (const auto* taken = std::get_if<core::CheckpointTaken>(&event)) checkpoints.push_back(*taken);
    if (const auto* state = std::get_if<core::SessionStateChanged>(&event)) states.push_back(*state);
    if (const auto* setting = std::get_if<core::SettingChanged>(&event)) settings.push_back(*setting);
    if (const auto* phase = std::get_if<core::PhaseProgress>(&event)) progress.push_back(*phase);
    if (const auto* begun = std::get_if<core::TrainingStarted>(&event)) started = *begun;
  }
  changed_.notify_all();
}

bool MemorySink::waitFor(core::SessionState state) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::seconds(30), [&] {
    return !states.empty() && (states.back().state == state || core::isFinal(states.back().state));
  });
  return !states.empty() && states.back().state == state;
}

std::vector<double> MemorySink::series(core::Series series) const {
  std::vector<double> values;
  for (const auto& point : points)
    if (point.series == series) values.push_back(point.value);
  return values;
}

std::unique_ptr<MemorySink> trained(engine::SessionOptions options) {
  auto sink = std::make_unique<MemorySink>();
  const auto session = engine::makeSession(std::move(options));
  session->start(*sink);
  session->wait();
  return sink;
}

std::filesystem::path dataFolder() {
  static const struct Folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / fmt::format("cairn-engine-{}", getpid());
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
  } folder;
  return folder.path;
}

std::filesystem::path csvFile() {
  static const auto file = [] {
    const auto path = dataFolder() / "points.csv";
    std::ofstream out(path);
    out << "a,b,c,kind,y\n";
    engine::SplitMix64 random(11);
    const auto unit = [&] { return static_cast<double>(random.next() >> 11) * 0x1p-53 * 2 - 1; };
    for (int row = 0; row < 60; ++row) {
      const double a = unit(), b = unit(), c = unit();
      out << fmt::format("{},{},{},{},{}\n", a, b, c, a + b > 0 ? "up" : "down", 2 * a - b + 0.5 * c);
    }
    return path;
  }();
  return file;
}

std::filesystem::path idxFile(const std::string& kind) {
  constexpr int kImages = 40, kSide = 8;
  const auto path = dataFolder() / (kind + ".idx");
  if (std::filesystem::exists(path)) return path;
  std::ofstream out(path, std::ios::binary);
  const auto word = [&](std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) out.put(static_cast<char>(value >> shift & 0xff));
  };
  word(kind == "images" ? 0x803 : 0x801);
  word(kImages);
  if (kind == "images") word(kSide), word(kSide);
  engine::SplitMix64 random(5);
  for (int image = 0; image < kImages; ++image) {
    if (kind == "labels") {
      out.put(static_cast<char>(image % 3));
      continue;
    }
    for (int pixel = 0; pixel < kSide * kSide; ++pixel)
      out.put(static_cast<char>(random.below(80) + (pixel / kSide % 3 == image % 3 ? 150 : 0)));
  }
  return path;
}

std::filesystem::path textFile() {
  static const auto file = [] {
    const auto path = dataFolder() / "lines.txt";
    std::ofstream out(path);
    for (int line = 0; line < 12; ++line)
      out << "A cairn is a stack of stones that marks the way back; this is line " << line << ".\n";
    return path;
  }();
  return file;
}

namespace {

nlohmann::json common() {
  return {{"name", "test"},
          {"loss", "CrossEntropyLoss"},
          {"training", {{"epochs", 3}, {"batch_size", 16}, {"seed", 3}, {"device", "cpu"}, {"threads", 1}}},
          {"checkpoints", {{"every_epochs", 1}}}};
}

}  // namespace

nlohmann::json mlpSpec() {
  auto spec = common();
  spec["data"] = {{"format", "csv"},
                  {"path", csvFile()},
                  {"target", "kind"},
                  {"task", "classification"},
                  {"validation_fraction", 0.2}};
  spec["data"]["path"] = csvFile().string();
  spec["model"] = {{"type", "MLP"}, {"hidden", {8}}, {"dropout", 0.2}};
  // The csv has a second target beside the class; it is a feature here.
  spec["optimizer"] = {{"type", "Adam"}, {"lr", 0.01}};
  return spec;
}

nlohmann::json cnnSpec() {
  auto spec = common();
  spec["data"] = {{"format", "idx"},
                  {"images", idxFile("images").string()},
                  {"labels", idxFile("labels").string()},
                  {"validation_fraction", 0.2}};
  spec["model"] = {{"type", "CNN"}, {"channels", {4}}, {"hidden", 8}, {"batch_norm", true}, {"dropout", 0.2}};
  spec["training"]["batch_size"] = 12;
  spec["optimizer"] = {{"type", "SGD"}, {"lr", 0.05}, {"momentum", 0.9}, {"nesterov", true}};
  return spec;
}

nlohmann::json transformerSpec() {
  auto spec = common();
  spec["data"] = {{"format", "text"}, {"path", textFile().string()}, {"block_size", 16}, {"validation_fraction", 0.2}};
  spec["model"] = {{"type", "Transformer"}, {"layers", 1}, {"heads", 2}, {"width", 16}, {"dropout", 0.1}};
  spec["optimizer"] = {{"type", "AdamW"}, {"lr", 0.003}};
  return spec;
}

core::RunSpec parsed(const nlohmann::json& spec) { return core::parseRunSpec(spec, dataFolder()); }

engine::SessionOptions optionsFor(const nlohmann::json& spec) {
  engine::SessionOptions options;
  options.spec = parsed(spec);
  options.runId = "0123456789abcdef";
  return options;
}

StateTree trainingState(const StateTree& checkpoint) {
  auto state = StateTree::dict();
  for (const auto key : {keys::kEpoch, keys::kStep, keys::kLoss, keys::kModel, keys::kOptimizer, keys::kScheduler,
                         keys::kRngState, keys::kMetrics})
    state.set(key, checkpoint.at(key));
  const auto& cairn = checkpoint.at(keys::kCairn);
  for (const auto key : {keys::kSampler, keys::kMeters, keys::kEarlyStopping, keys::kPhase, keys::kLr})
    state.set(key, cairn.at(key));
  return state;
}

std::map<std::string, std::string> recorded(const std::vector<core::MetricPoint>& points) {
  std::map<std::string, std::string> values;
  for (const auto& point : points)
    if (point.series != core::Series::StepSeconds)
      values[fmt::format("{}@{:06}", core::seriesName(point.series), point.step)] =
          fmt::format("{:016x} in epoch {}", std::bit_cast<std::uint64_t>(point.value), point.epoch);
  return values;
}

}  // namespace cairn::tests
