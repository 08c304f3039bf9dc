#include <nlohmann/json.hpp>

#include "core/run_spec.h"
#include "core/run_spec_names.h"

namespace cairn::core {

namespace {

using Json = nlohmann::ordered_json;

// One `write` a kind of part; each adds its keys in the order of docs/spec.md.
void write(Json& out, const CsvData& csv) {
  out["path"] = csv.path;
  if (csv.target.size() == 1)
    out["target"] = csv.target.front();
  else
    out["target"] = csv.target;
  out["task"] = nameOf(kTaskNames, csv.task);
}
void write(Json& out, const IdxData& idx) {
  out["images"] = idx.images;
  out["labels"] = idx.labels;
  if (idx.validationImages.empty()) return;
  out["validation_images"] = idx.validationImages;
  out["validation_labels"] = idx.validationLabels;
}
void write(Json& out, const TextData& text) {
  out["path"] = text.path;
  out["block_size"] = text.blockSize;
}

Json dataJson(const DataSpec& data) {
  Json out;
  out["format"] = data.format();
  std::visit([&](const auto& source) { write(out, source); }, data.source);
  if (data.validationPath.empty())
    out["validation_fraction"] = data.validationFraction;
  else
    out["validation_path"] = data.validationPath;
  out["normalize"] = data.normalize;
  out["shuffle"] = data.shuffle;
  return out;
}

void write(Json& out, const MlpModel& model) {
  out["hidden"] = model.hidden;
  out["activation"] = nameOf(kActivationNames, model.activation);
  out["dropout"] = model.dropout;
}
void write(Json& out, const CnnModel& model) {
  out["channels"] = model.channels;
  out["hidden"] = model.hidden;
  out["batch_norm"] = model.batchNorm;
  out["activation"] = nameOf(kActivationNames, model.activation);
  out["dropout"] = model.dropout;
}
void write(Json& out, const TransformerModel& model) {
  out["layers"] = model.layers;
  out["heads"] = model.heads;
  out["width"] = model.width;
  out["dropout"] = model.dropout;
}

void write(Json& out, const SGDOptions& options) {
  out["lr"] = options.lr;
  out["momentum"] = options.momentum;
  out["nesterov"] = options.nesterov;
  out["weight_decay"] = options.weightDecay;
  out["dampening"] = options.dampening;
}
template <typename Adam>
void write(Json& out, const Adam& options) {
  out["lr"] = options.lr;
  out["betas"] = {options.betas.first, options.betas.second};
  out["eps"] = options.eps;
  out["weight_decay"] = options.weightDecay;
  out["amsgrad"] = options.amsgrad;
}

void write(Json&, const std::monostate&) {}
void write(Json& out, const StepLR& schedule) {
  out["step_size"] = schedule.stepSize;
  out["gamma"] = schedule.gamma;
}
void write(Json& out, const ExponentialLR& schedule) { out["gamma"] = schedule.gamma; }
void write(Json& out, const CosineAnnealingLR& schedule) {
  out["T_max"] = schedule.tMax;
  out["eta_min"] = schedule.etaMin;
}
void write(Json& out, const ReduceLROnPlateau& schedule) {
  out["mode"] = nameOf(kModeNames, schedule.mode);
  out["factor"] = schedule.factor;
  out["patience"] = schedule.patience;
  out["threshold"] = schedule.threshold;
  out["threshold_mode"] = schedule.relativeThreshold ? "rel" : "abs";
  out["cooldown"] = schedule.cooldown;
  out["min_lr"] = schedule.minLr;
  out["eps"] = schedule.eps;
}

template <typename Variant>
Json typed(std::string_view type, const Variant& part) {
  Json out = Json::object();
  if (!type.empty()) out["type"] = type;
  std::visit([&](const auto& chosen) { write(out, chosen); }, part);
  return out;
}

Json trainingJson(const TrainingSpec& training) {
  Json out;
  if (training.steps)
    out["steps"] = *training.steps;
  else
    out["epochs"] = training.epochs.value_or(10);
  out["batch_size"] = training.batchSize;
  out["seed"] = training.seed;
  out["device"] = training.device;
  if (training.threads)
    out["threads"] = *training.threads;
  else
    out["threads"] = "auto";
  return out;
}

Json checkpointsJson(const CheckpointSpec& checkpoints) {
  Json out;
  out["every_epochs"] = checkpoints.everyEpochs;
  out["every_steps"] = checkpoints.everySteps;
  out["every_seconds"] = checkpoints.everySeconds;
  out["keep_last"] = checkpoints.keepLast;
  out["keep_best"] = checkpoints.keepBest;
  out["monitor"] = checkpoints.monitor;
  out["mode"] = nameOf(kModeNames, checkpoints.mode);
  return out;
}

}  // namespace

nlohmann::ordered_json toJson(const RunSpec& spec) {
  Json out;
  out["name"] = spec.name;
  out["data"] = dataJson(spec.data);
  out["model"] = typed(modelType(spec.model), spec.model);
  out["loss"] = nameOf(kLossNames, spec.loss);
  out["optimizer"] = typed(optimizerType(spec.optimizer), spec.optimizer);
  out["lr_scheduler"] = typed(schedulerType(spec.lrScheduler), spec.lrScheduler.schedule);
  out["lr_scheduler"]["warmup_steps"] = spec.lrScheduler.warmupSteps;
  out["training"] = trainingJson(spec.training);
  out["checkpoints"] = checkpointsJson(spec.checkpoints);
  if (spec.earlyStopping)
    out["early_stopping"] =
        Json{{"patience", spec.earlyStopping->patience}, {"min_delta", spec.earlyStopping->minDelta}};
  return out;
}

}  // namespace cairn::core
