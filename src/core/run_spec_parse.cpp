#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/error.h"
#include "core/json_object.h"
#include "core/json_text.h"
#include "core/run_spec.h"
#include "core/run_spec_rules.h"

namespace cairn::core {

namespace {

using nlohmann::json;
using Keys = std::vector<std::string_view>;

constexpr Bounds kPositive{.min = 0, .aboveMin = true};
constexpr Bounds kNotNegative{.min = 0};
constexpr Bounds kShare{.min = 0, .max = 1, .belowMax = true};  // [0, 1)
constexpr std::int64_t kMaxUnits = 1'000'000;                   // of a layer: more is a slip, and would overflow sizes

Keys with(Keys keys, const Keys& more) {
  keys.insert(keys.end(), more.begin(), more.end());
  return keys;
}

/// The "type" of a part: which of `types`, and thereby which keys it has. `fallback` where it is absent.
std::string readType(const json& part, const std::string& path, std::string_view key, const Keys& types,
                     std::string_view fallback) {
  if (!part.is_object()) throw Error::invalid(path, "must be an object {…}, not " + jsonText(part, 60));
  const auto found = part.find(key);
  if (found == part.end()) {
    if (!fallback.empty()) return std::string(fallback);
    throw Error::invalid(path + "." + std::string(key), "is missing",
                         fmt::format("choose one of {}", fmt::join(types, ", ")));
  }
  if (found->is_string())
    for (const auto type : types)
      if (found->get_ref<const std::string&>() == type) return std::string(type);
  // An object whose only known key is this one: for the error's form alone.
  const json alone{{std::string(key), *found}};
  JsonObject(alone, path, path, {key}).rejectChoice(key, types);
}

std::string absolutePath(const std::string& path, const std::filesystem::path& folder) {
  return (std::filesystem::absolute(folder) / path).lexically_normal().string();
}

void readPath(const JsonObject& object, std::string_view key, const std::filesystem::path& folder, std::string& into) {
  if (!object.has(key)) return;
  object.read(key, into);
  if (into.empty()) object.reject(key, "must name a file, not \"\"");
  into = absolutePath(into, folder);
}

std::vector<std::string> readTargets(const JsonObject& object) {
  const auto& value = object.value("target");
  const json list = value.is_array() ? value : json::array({value});
  std::vector<std::string> targets;
  for (const auto& item : list) {
    if (!item.is_string() || item.get_ref<const std::string&>().empty())
      object.reject("target", "must be a column's name or a list of them, not " + jsonText(value, 60));
    const auto& name = item.get_ref<const std::string&>();
    if (std::find(targets.begin(), targets.end(), name) != targets.end())
      object.reject("target", fmt::format("names the column {} twice", jsonText(item)));
    targets.push_back(name);
  }
  if (targets.empty()) object.reject("target", "must name at least one column, not []");
  return targets;
}

CsvData readCsv(const JsonObject& object, const std::filesystem::path& folder, LossType loss) {
  CsvData csv;
  object.require("path", "name the CSV file");
  object.require("target", "name the column to predict");
  readPath(object, "path", folder, csv.path);
  csv.target = readTargets(object);
  csv.task = loss == LossType::CrossEntropyLoss ? Task::Classification : Task::Regression;
  object.read("task", csv.task, kTaskNames);
  return csv;
}

IdxData readIdx(const JsonObject& object, const std::filesystem::path& folder) {
  IdxData idx;
  object.require("images", "name the IDX file of the images");
  object.require("labels", "name the IDX file of the labels");
  readPath(object, "images", folder, idx.images);
  readPath(object, "labels", folder, idx.labels);
  readPath(object, "validation_images", folder, idx.validationImages);
  readPath(object, "validation_labels", folder, idx.validationLabels);
  return idx;
}

TextData readText(const JsonObject& object, const std::filesystem::path& folder) {
  TextData text;
  object.require("path", "name the text file");
  readPath(object, "path", folder, text.path);
  object.read("block_size", text.blockSize, 1, kMaxUnits);
  return text;
}

DataSpec readData(const json& part, const std::filesystem::path& folder, LossType loss) {
  const auto format = readType(part, "data", "format", {"csv", "idx", "text"}, "");
  const Keys common = {"format", "validation_fraction", "normalize", "shuffle"};
  const Keys own = format == "csv"   ? Keys{"path", "target", "task", "validation_path"}
                   : format == "idx" ? Keys{"images", "labels", "validation_images", "validation_labels"}
                                     : Keys{"path", "block_size", "validation_path"};
  const JsonObject object(part, "data", format + " data", with(common, own));
  DataSpec data;
  if (format == "csv") data.source = readCsv(object, folder, loss);
  if (format == "idx") data.source = readIdx(object, folder);
  if (format == "text") data.source = readText(object, folder);
  object.read("validation_fraction", data.validationFraction, {.min = 0, .max = 0.9});
  readPath(object, "validation_path", folder, data.validationPath);
  object.read("normalize", data.normalize);
  object.read("shuffle", data.shuffle);
  return data;
}

MlpModel readMlp(const json& part) {
  const JsonObject object(part, "model", "MLP", {"type", "hidden", "activation", "dropout"});
  MlpModel model;
  object.read("hidden", model.hidden, 1, kMaxUnits);
  object.read("activation", model.activation, kActivationNames);
  object.read("dropout", model.dropout, kShare);
  return model;
}

CnnModel readCnn(const json& part) {
  const JsonObject object(part, "model", "CNN", {"type", "channels", "hidden", "batch_norm", "activation", "dropout"});
  CnnModel model;
  object.read("channels", model.channels, 1, kMaxUnits);
  if (model.channels.empty()) object.reject("channels", "must name at least one layer, not []", "choose MLP for none");
  object.read("hidden", model.hidden, 0, kMaxUnits);
  object.read("batch_norm", model.batchNorm);
  object.read("activation", model.activation, kActivationNames);
  object.read("dropout", model.dropout, kShare);
  return model;
}

TransformerModel readTransformer(const json& part) {
  const JsonObject object(part, "model", "Transformer", {"type", "layers", "heads", "width", "dropout"});
  TransformerModel model;
  object.read("layers", model.layers, 1, 1000);
  object.read("heads", model.heads, 1, kMaxUnits);
  object.read("width", model.width, 1, kMaxUnits);
  object.read("dropout", model.dropout, kShare);
  return model;
}

ModelSpec readModel(const json& part) {
  const auto type = readType(part, "model", "type", {"MLP", "CNN", "Transformer"}, "");
  if (type == "MLP") return readMlp(part);
  if (type == "CNN") return readCnn(part);
  return readTransformer(part);
}

SGDOptions readSgd(const json& part) {
  const JsonObject object(part, "optimizer", "SGD",
                          {"type", "lr", "momentum", "nesterov", "weight_decay", "dampening"});
  SGDOptions options;
  object.read("lr", options.lr, kPositive);
  object.read("momentum", options.momentum, kNotNegative);
  object.read("nesterov", options.nesterov);
  object.read("weight_decay", options.weightDecay, kNotNegative);
  object.read("dampening", options.dampening, kNotNegative);
  return options;
}

template <typename Options>
Options readAdam(const json& part, const std::string& type) {
  const JsonObject object(part, "optimizer", type, {"type", "lr", "betas", "eps", "weight_decay", "amsgrad"});
  Options options;
  object.read("lr", options.lr, kPositive);
  if (object.has("betas")) {
    const auto& betas = object.value("betas");
    const auto inRange = [](const json& beta) {
      return beta.is_number() && beta.get<double>() >= 0 && beta.get<double>() < 1;
    };
    if (!betas.is_array() || betas.size() != 2 || !inRange(betas[0]) || !inRange(betas[1]))
      object.reject("betas", "must be two numbers, each at least 0 and below 1, not " + jsonText(betas, 60));
    options.betas = {betas[0].get<double>(), betas[1].get<double>()};
  }
  object.read("eps", options.eps, kNotNegative);
  object.read("weight_decay", options.weightDecay, kNotNegative);
  object.read("amsgrad", options.amsgrad);
  return options;
}

OptimizerSpec readOptimizer(const json& part) {
  const auto type = readType(part, "optimizer", "type", {"SGD", "Adam", "AdamW"}, "Adam");
  if (type == "SGD") return readSgd(part);
  if (type == "Adam") return readAdam<AdamOptions>(part, type);
  return readAdam<AdamWOptions>(part, type);
}

ReduceLROnPlateau readPlateau(const JsonObject& object, Mode mode) {
  ReduceLROnPlateau schedule;
  schedule.mode = mode;
  object.read("mode", schedule.mode, kModeNames);
  object.read("factor", schedule.factor, {.min = 0, .max = 1, .aboveMin = true, .belowMax = true});
  object.read("patience", schedule.patience, 0);
  object.read("threshold", schedule.threshold, kNotNegative);
  object.read("threshold_mode", schedule.relativeThreshold, NameTable<bool, 2>{{{true, "rel"}, {false, "abs"}}});
  object.read("cooldown", schedule.cooldown, 0);
  object.read("min_lr", schedule.minLr, kNotNegative);
  object.read("eps", schedule.eps, kNotNegative);
  return schedule;
}

LRSchedulerSpec readScheduler(const json& part, Mode monitorMode) {
  const Keys types = {"StepLR", "ExponentialLR", "CosineAnnealingLR", "ReduceLROnPlateau"};
  const auto type = readType(part, "lr_scheduler", "type", types, "constant");
  const Keys own = type == "StepLR"              ? Keys{"step_size", "gamma"}
                   : type == "ExponentialLR"     ? Keys{"gamma"}
                   : type == "CosineAnnealingLR" ? Keys{"T_max", "eta_min"}
                   : type == "ReduceLROnPlateau"
                       ? Keys{"mode", "factor", "patience", "threshold", "threshold_mode", "cooldown", "min_lr", "eps"}
                       : Keys{};
  const JsonObject object(part, "lr_scheduler",
                          type == "constant" ? "a constant lr_scheduler (one without a type)" : type,
                          with({"type", "warmup_steps"}, own));
  LRSchedulerSpec scheduler;
  object.read("warmup_steps", scheduler.warmupSteps, 0);
  if (type == "StepLR") {
    StepLR schedule;
    object.read("step_size", schedule.stepSize, 1);
    object.read("gamma", schedule.gamma, kPositive);
    scheduler.schedule = schedule;
  } else if (type == "ExponentialLR") {
    ExponentialLR schedule;
    object.read("gamma", schedule.gamma, kPositive);
    scheduler.schedule = schedule;
  } else if (type == "CosineAnnealingLR") {
    CosineAnnealingLR schedule;
    object.read("T_max", schedule.tMax, 0);
    object.read("eta_min", schedule.etaMin, kNotNegative);
    scheduler.schedule = schedule;
  } else if (type == "ReduceLROnPlateau") {
    scheduler.schedule = readPlateau(object, monitorMode);
  }
  return scheduler;
}

bool isDevice(const std::string& device) {
  if (device == "auto" || device == "cpu" || device == "cuda") return true;
  const auto digits = device.rfind("cuda:", 0) == 0 ? device.substr(5) : "";
  return !digits.empty() && digits.size() <= 3 &&
         std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void readLength(const JsonObject& object, TrainingSpec& training) {
  const auto readOne = [&](std::string_view key, std::optional<std::int64_t>& into) {
    if (!object.has(key)) return;
    std::int64_t count = 0;
    object.read(key, count, 1);
    into = count;
  };
  readOne("epochs", training.epochs);
  readOne("steps", training.steps);
  if (training.epochs && training.steps)
    object.reject("steps", fmt::format("is {} beside epochs {}", *training.steps, *training.epochs),
                  "keep one of the two");
  if (!training.epochs && !training.steps) training.epochs = 10;
}

TrainingSpec readTraining(const json& part) {
  const JsonObject object(part, "training", "training", {"epochs", "steps", "batch_size", "seed", "device", "threads"});
  TrainingSpec training;
  readLength(object, training);
  object.read("batch_size", training.batchSize, 1);
  object.read("seed", training.seed, 0);
  object.read("device", training.device);
  if (!isDevice(training.device))
    object.reject("device", "must be auto, cpu, cuda or cuda:N, not " + jsonText(training.device, 60),
                  "cairnctl devices lists them");
  if (object.has("threads") && object.value("threads") != "auto") {
    if (!object.value("threads").is_number_integer())
      object.reject("threads", "must be auto or a whole number, not " + jsonText(object.value("threads"), 60));
    std::int64_t threads = 0;
    object.read("threads", threads, 1, 1024);
    training.threads = static_cast<int>(threads);
  }
  return training;
}

CheckpointSpec readCheckpoints(const json& part, bool hasValidation) {
  const JsonObject object(
      part, "checkpoints", "checkpoints",
      {"every_epochs", "every_steps", "every_seconds", "keep_last", "keep_best", "monitor", "mode"});
  CheckpointSpec checkpoints;
  object.read("every_epochs", checkpoints.everyEpochs, 0);
  object.read("every_steps", checkpoints.everySteps, 0);
  object.read("every_seconds", checkpoints.everySeconds, kNotNegative);
  object.read("keep_last", checkpoints.keepLast, 0);
  object.read("keep_best", checkpoints.keepBest, 0);
  constexpr NameTable<int, 4> kMonitors{
      {{0, "train/loss"}, {1, "train/accuracy"}, {2, "val/loss"}, {3, "val/accuracy"}}};
  int monitor = hasValidation ? 2 : 0;
  object.read("monitor", monitor, kMonitors);
  checkpoints.monitor = nameOf(kMonitors, monitor);
  checkpoints.mode = checkpoints.monitor.ends_with("/accuracy") ? Mode::Max : Mode::Min;
  object.read("mode", checkpoints.mode, kModeNames);
  return checkpoints;
}

EarlyStoppingSpec readEarlyStopping(const json& part) {
  const JsonObject object(part, "early_stopping", "early_stopping", {"patience", "min_delta"});
  EarlyStoppingSpec stopping;
  object.read("patience", stopping.patience, 1);
  object.read("min_delta", stopping.minDelta, kNotNegative);
  return stopping;
}

std::string readName(const JsonObject& object) {
  std::string name;
  object.read("name", name);
  if (!name.empty() && name.find_first_not_of(' ') == std::string::npos) object.reject("name", "must not be blank");
  if (std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    object.reject("name", "must be one line of plain text, not " + jsonText(name, 60));
  return name;
}

}  // namespace

RunSpec parseRunSpec(const json& spec, const std::filesystem::path& folder) {
  const JsonObject top(
      spec, "", "the spec",
      {"name", "data", "model", "loss", "optimizer", "lr_scheduler", "training", "checkpoints", "early_stopping"});
  top.require("data", "say what to train on, as docs/spec.md shows");
  top.require("model", "say which model to train: MLP, CNN or Transformer");
  top.require("loss", "choose MSELoss, L1Loss, SmoothL1Loss or CrossEntropyLoss");
  const json none = json::object();
  // Absent and null both mean: as the defaults say.
  const auto part = [&](std::string_view key) -> const json& {
    return top.has(key) && !top.value(key).is_null() ? top.value(key) : none;
  };
  RunSpec run;
  run.name = readName(top);
  top.read("loss", run.loss, kLossNames);
  run.data = readData(top.value("data"), folder, run.loss);
  run.model = readModel(top.value("model"));
  run.optimizer = readOptimizer(part("optimizer"));
  run.training = readTraining(part("training"));
  run.checkpoints = readCheckpoints(part("checkpoints"), run.hasValidation());
  run.lrScheduler = readScheduler(part("lr_scheduler"), run.checkpoints.mode);
  if (&part("early_stopping") != &none) run.earlyStopping = readEarlyStopping(part("early_stopping"));
  checkRules(run);
  return run;
}

RunSpec readRunSpec(const std::filesystem::path& file) {
  auto spec = parseJsonText(readTextFile(file), file.string());
  if (!spec.is_object())
    throw Error::invalid(file.string(), "must hold a JSON object {…}, not " + jsonText(spec, 60), "see docs/spec.md");
  if (const auto stem = file.stem().string(); !spec.contains("name") && !stem.empty()) spec["name"] = stem;
  return parseRunSpec(spec, std::filesystem::absolute(file).parent_path());
}

}  // namespace cairn::core
