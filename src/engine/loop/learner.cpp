#include "engine/loop/learner.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "engine/loop/compute_device.h"
#include "engine/loop/data_cache.h"
#include "engine/loop/learner_state.h"
#include "engine/models/state_dict.h"
#include "engine/torch_compat.h"

namespace cairn::engine {

namespace {

std::shared_ptr<const PreparedData> prepare(const core::RunSpec& spec, const core::Progress& progress) {
  auto prepared = preparedData(spec, progress);
  const auto samples = static_cast<std::int64_t>(prepared->data.training.size());
  if (spec.training.batchSize > samples)
    throw Error::invalid(
        "training.batch_size",
        fmt::format("{} is more than the {} samples of the training part", spec.training.batchSize, samples),
        fmt::format("make it {} or less, or give more data", samples));
  const bool classifies = prepared->data.task == core::Task::Classification;
  if (classifies != (spec.loss == core::LossType::CrossEntropyLoss))
    throw Error::invalid(
        "loss", classifies ? "classification needs CrossEntropyLoss" : "CrossEntropyLoss needs classes to tell apart",
        "change loss, or data.task");
  return prepared;
}

/// Tied parameters once, as Python's model.parameters() lists them.
std::vector<torch::Tensor> distinctParameters(const std::vector<std::pair<std::string, torch::Tensor>>& tensors) {
  std::vector<torch::Tensor> distinct;
  for (const auto& [name, tensor] : tensors) {
    const bool known =
        std::any_of(distinct.begin(), distinct.end(), [&](const auto& other) { return other.is_same(tensor); });
    if (tensor.requires_grad() && !known) distinct.push_back(tensor);
  }
  return distinct;
}

torch::Generator dropoutGenerator(const torch::Generator& initial, torch::Device device, std::int64_t seed) {
  if (device.is_cpu()) return initial;
  auto generator = at::globalContext().defaultGenerator(device).clone();
  generator.set_current_seed(static_cast<std::uint64_t>(seed));
  return generator;
}

/// What T_max 0 stands for.
std::int64_t epochsOf(const core::TrainingSpec& training, std::int64_t stepsPerEpoch) {
  if (training.epochs) return *training.epochs;
  return (training.steps.value_or(0) + stepsPerEpoch - 1) / stepsPerEpoch;
}

}  // namespace

Learner buildLearner(const core::RunSpec& spec, const core::Progress& progress, Weights weights) {
  Learner learner;
  learner.spec = spec;
  learner.device = chooseDevice(spec.training.device);
  learner.prepared = prepare(spec, progress);
  const auto& data = learner.data();
  learner.initial = cpuGenerator(static_cast<std::uint64_t>(spec.training.seed));
  learner.dropout = dropoutGenerator(learner.initial, learner.device, spec.training.seed);
  const auto initial = weights == Weights::Drawn ? learner.initial : kNotDrawn;
  learner.model = buildModel(spec.model, data.shape, initial, learner.dropout, learner.device);
  learner.model->train();
  learner.tensors = stateEntries(*learner.model);
  learner.sampler =
      std::make_unique<Sampler>(data.training, spec.training.batchSize, spec.training.seed, spec.data.shuffle);
  return learner;
}

void equipLearner(Learner& learner, const SessionOptions& options) {
  const auto& spec = learner.spec;
  learner.specText = core::toJson(spec).dump();
  // First: the optimizer counts its parameters in the order in which the file has them.
  if (options.from) restoreWeights(learner, options);
  learner.optimizer = makeOptimizer(spec.optimizer, distinctParameters(learner.tensors));
  learner.counters.lr = learningRate(spec.optimizer);
  const auto& limit = options.firstLimit.value_or(spec.training);
  learner.scheduler =
      makeScheduler(spec.lrScheduler, learner.counters.lr, epochsOf(limit, learner.sampler->batchesPerEpoch()));
  if (options.from) restoreLearner(learner, options);
}

Learner makeLearner(const SessionOptions& options, const core::Progress& progress) {
  auto learner = buildLearner(options.spec, progress, options.from ? Weights::ToBeLoaded : Weights::Drawn);
  equipLearner(learner, options);
  return learner;
}

bool allFinite(const Learner& learner) {
  const torch::NoGradGuard noGrad;
  return std::all_of(learner.tensors.begin(), learner.tensors.end(), [](const auto& entry) {
    return !entry.second.is_floating_point() || torch::isfinite(entry.second).all().template item<bool>();
  });
}

std::int64_t totalSteps(const Learner& learner) {
  const auto& training = learner.spec.training;
  if (training.steps) return *training.steps;
  const auto& sampler = *learner.sampler;
  const auto epochs = training.epochs.value_or(0) - sampler.epoch();
  if (epochs <= 0) return learner.counters.step;
  return learner.counters.step + sampler.batchesLeft() + (epochs - 1) * sampler.batchesPerEpoch();
}

}  // namespace cairn::engine
