// What to train, on what, and how: a run's spec as plain values. INTERFACE: docs/spec.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cairn::core {

enum class Task { Classification, Regression };
enum class LossType { MSELoss, L1Loss, SmoothL1Loss, CrossEntropyLoss };
enum class Activation { ReLU, LeakyReLU, GELU, SiLU, Tanh, Sigmoid, ELU };
enum class Mode { Min, Max };

struct CsvData {
  std::string path;
  std::vector<std::string> target;  ///< column names; more than one only for regression
  Task task = Task::Classification;
};
struct IdxData {
  std::string images, labels;
  std::string validationImages, validationLabels;  ///< both or neither
};
struct TextData {
  std::string path;
  std::int64_t blockSize = 64;  ///< bytes of context
};

struct DataSpec {
  std::variant<CsvData, IdxData, TextData> source;
  double validationFraction = 0.0;  ///< of the rows, images or blocks; 0 to 0.9
  std::string validationPath;       ///< instead of a fraction (csv and text); empty: none
  bool normalize = true;            ///< by the training part's mean and standard deviation
  bool shuffle = true;              ///< anew each epoch, from (seed, epoch)

  std::string_view format() const;  ///< "csv", "idx" or "text"
};

struct MlpModel {
  std::vector<std::int64_t> hidden = {64};  ///< units a layer; empty: one Linear layer
  Activation activation = Activation::ReLU;
  double dropout = 0.0;
};
struct CnnModel {
  std::vector<std::int64_t> channels = {16, 32};  ///< a 3x3 convolution and 2x2 pooling each
  std::int64_t hidden = 128;                      ///< units of the layer before the output; 0: none
  bool batchNorm = true;
  Activation activation = Activation::ReLU;
  double dropout = 0.0;
};
struct TransformerModel {
  std::int64_t layers = 2, heads = 4, width = 64;  ///< width is a multiple of heads
  double dropout = 0.0;
};
using ModelSpec = std::variant<MlpModel, CnnModel, TransformerModel>;
std::string_view modelType(const ModelSpec& model);  ///< "MLP", "CNN", "Transformer"

struct SGDOptions {
  double lr = 0.01, momentum = 0.0, weightDecay = 0.0, dampening = 0.0;
  bool nesterov = false;
};
struct AdamOptions {
  double lr = 0.001;
  std::pair<double, double> betas = {0.9, 0.999};
  double eps = 1e-8, weightDecay = 0.0;
  bool amsgrad = false;
};
struct AdamWOptions {
  double lr = 0.001;
  std::pair<double, double> betas = {0.9, 0.999};
  double eps = 1e-8, weightDecay = 0.01;
  bool amsgrad = false;
};
using OptimizerSpec = std::variant<SGDOptions, AdamOptions, AdamWOptions>;
std::string_view optimizerType(const OptimizerSpec& optimizer);
double learningRate(const OptimizerSpec& optimizer);

struct StepLR {
  std::int64_t stepSize = 10;
  double gamma = 0.1;
};
struct ExponentialLR {
  double gamma = 0.95;
};
struct CosineAnnealingLR {
  std::int64_t tMax = 0;  ///< epochs to the minimum; 0: the run's epochs
  double etaMin = 0.0;
};
struct ReduceLROnPlateau {
  Mode mode = Mode::Min;
  double factor = 0.1;
  std::int64_t patience = 10;
  double threshold = 1e-4;
  bool relativeThreshold = true;  ///< threshold_mode "rel", else "abs"
  std::int64_t cooldown = 0;
  double minLr = 0.0, eps = 1e-8;
};
/// `schedule` is stepped once an epoch; warm-up multiplies the lr by min(1, step / warmupSteps).
struct LRSchedulerSpec {
  std::variant<std::monostate, StepLR, ExponentialLR, CosineAnnealingLR, ReduceLROnPlateau> schedule;
  std::int64_t warmupSteps = 0;
};
std::string_view schedulerType(const LRSchedulerSpec& scheduler);  ///< "" without one

struct TrainingSpec {
  std::optional<std::int64_t> epochs;  ///< one of epochs and steps is set after parsing
  std::optional<std::int64_t> steps;
  std::int64_t batchSize = 32;
  std::int64_t seed = 0;
  std::string device = "auto";  ///< "auto", "cpu", "cuda", "cuda:N"
  std::optional<int> threads;   ///< absent: auto
};

struct CheckpointSpec {
  std::int64_t everyEpochs = 1, everySteps = 0;  ///< 0: never that way
  double everySeconds = 0;
  std::int64_t keepLast = 5;  ///< 0: all
  std::int64_t keepBest = 1;
  std::string monitor = "val/loss";  ///< a series; without validation "train/loss"
  Mode mode = Mode::Min;
};

struct EarlyStoppingSpec {
  std::int64_t patience = 10;  ///< epochs without improvement of checkpoints.monitor
  double minDelta = 0.0;
};

struct RunSpec {
  std::string name;  ///< "": named by its data
  DataSpec data;
  ModelSpec model;
  LossType loss = LossType::MSELoss;
  OptimizerSpec optimizer = AdamOptions{};
  LRSchedulerSpec lrScheduler;
  TrainingSpec training;
  CheckpointSpec checkpoints;
  std::optional<EarlyStoppingSpec> earlyStopping;

  bool hasValidation() const;
  Task task() const;  ///< idx and text classify
};

/// Reads and validates a spec. Relative paths become absolute against `folder`. Throws Error of kind Invalid that
/// names the dotted key and the value.
RunSpec parseRunSpec(const nlohmann::json& json, const std::filesystem::path& folder);
/// Reads a spec file; a JSON syntax error names the line and column.
RunSpec readRunSpec(const std::filesystem::path& file);
/// Every key with its value, defaults too, in the order of docs/spec.md; parseRunSpec takes it back unchanged.
nlohmann::ordered_json toJson(const RunSpec& spec);
/// Applies "optimizer.lr=0.01" and the like; the value is JSON, or else a plain string. Validates the whole. A new type
/// keeps the chosen values that it has too; a relative path counts from `folder` (empty: the current one).
RunSpec withSettings(const RunSpec& spec, const std::vector<std::string>& assignments,
                     const std::filesystem::path& folder = {});

/// All keys, dotted, with their values as JSON text, in the order of docs/spec.md.
std::vector<std::pair<std::string, std::string>> settingsOf(const RunSpec& spec);

/// A key whose value differs: JSON text of each side, "" where the key is absent.
struct SettingDifference {
  std::string key;
  std::string before, after;
};
std::vector<SettingDifference> differences(const RunSpec& before, const RunSpec& after);

}  // namespace cairn::core
