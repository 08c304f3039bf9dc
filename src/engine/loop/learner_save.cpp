#include <torch/version.h>

#include <limits>

#include "core/text.h"
#include "engine/checkpoint_keys.h"
#include "engine/loop/learner_state.h"
#include "engine/machine.h"
#include "engine/tensor_bridge.h"
#include "engine/torch_compat.h"

namespace cairn::engine {

namespace {

using core::StateTree;

StateTree numberOrNone(const std::optional<double>& value) { return value ? StateTree(*value) : StateTree(); }

template <typename T>
StateTree listOf(const std::vector<T>& values) {
  return StateTree::List(values.begin(), values.end());
}

StateTree normalizationOf(const Normalization& normalization) {
  auto tree = StateTree::dict();
  if (normalization.mean.empty()) return tree;
  tree.set(keys::kMean, listOf(normalization.mean));
  tree.set(keys::kStd, listOf(normalization.std));
  return tree;
}

StateTree shapeOf(const DataShape& shape) {
  auto tree = StateTree::dict();
  tree.set(keys::kInputs, shape.inputs);
  tree.set(keys::kChannels, shape.channels);
  tree.set(keys::kHeight, shape.height);
  tree.set(keys::kWidth, shape.width);
  tree.set(keys::kOutputs, shape.outputs);
  tree.set(keys::kBlockSize, shape.blockSize);
  return tree;
}

StateTree samplerState(const Sampler& sampler) {
  auto tree = StateTree::dict();
  tree.set(keys::kSamplerEpoch, sampler.epoch());
  tree.set(keys::kSamplerCursor, sampler.cursor());
  tree.set(keys::kSamplerSeed, sampler.seed());
  return tree;
}

StateTree meterState(const Meter& meter) {
  auto tree = StateTree::dict();
  tree.set(keys::kMeterSum, meter.sum);
  tree.set(keys::kMeterCount, meter.count);
  return tree;
}

StateTree metersState(const Counters& counters) {
  auto tree = StateTree::dict();
  tree.set(core::seriesName(core::Series::TrainLoss), meterState(counters.epochLoss));
  tree.set(core::seriesName(core::Series::TrainAccuracy), meterState(counters.epochAccuracy));
  return tree;
}

StateTree improvementState(const Improvement& improvement) {
  auto tree = StateTree::dict();
  tree.set(keys::kBest, numberOrNone(improvement.best));
  tree.set(keys::kBestStep, improvement.bestStep);
  tree.set(keys::kBestEpoch, improvement.bestEpoch);
  tree.set(keys::kReference, numberOrNone(improvement.reference));
  tree.set(keys::kBadEpochs, improvement.badEpochs);
  return tree;
}

StateTree eventsState(const std::vector<core::RunEvent>& events) {
  StateTree::List list;
  for (const auto& event : events) {
    auto tree = StateTree::dict();
    tree.set(keys::kEventStep, event.step);
    tree.set(keys::kEventKind, event.kind);
    tree.set(keys::kEventDetail, event.detail);
    list.push_back(std::move(tree));
  }
  return list;
}

StateTree versions() {
  auto tree = StateTree::dict();
  tree.set(keys::kVersionCairn, CAIRN_VERSION);
  tree.set(keys::kVersionLibTorch, TORCH_VERSION);
  tree.set(keys::kVersionBlas, findBlas().name);
  tree.set(keys::kVersionCpuCapability, cpuCapability());
  return tree;
}

StateTree cairnState(const Learner& learner, const CheckpointLabel& label) {
  const auto& data = learner.data();
  const auto& counters = learner.counters;
  auto tree = StateTree::dict();
  tree.set(keys::kFormatVersion, keys::kFormatVersionValue);
  tree.set(keys::kRun, label.run);
  tree.set(keys::kCheckpoint, label.id);
  tree.set(keys::kKind, std::string(core::toText(label.kind)));
  tree.set(keys::kName, learner.spec.name);
  tree.set(keys::kParent, label.parent);
  tree.set(keys::kCreatedAt, label.createdAt);
  tree.set(keys::kSpec, learner.specText);
  if (!learner.names.isNone()) tree.set(keys::kNames, learner.names);
  tree.set(keys::kDataFingerprint, data.fingerprint);
  tree.set(keys::kFeatures, listOf(data.features));
  tree.set(keys::kTargets, listOf(data.targetNames));
  tree.set(keys::kClasses, listOf(data.classes));
  tree.set(keys::kNormalization, normalizationOf(data.normalization));
  tree.set(keys::kDataShape, shapeOf(data.shape));
  tree.set(keys::kSampler, samplerState(*learner.sampler));
  tree.set(keys::kMeters, metersState(counters));
  tree.set(keys::kEarlyStopping, improvementState(counters.improvement));
  tree.set(keys::kMonitored, numberOrNone(counters.monitored));
  tree.set(keys::kPhase, counters.phase == Phase::Validating ? "validating" : "training");
  tree.set(keys::kLr, counters.lr);
  tree.set(keys::kEvents, eventsState(counters.events));
  tree.set(keys::kElapsedSeconds, counters.elapsedSeconds);
  tree.set(keys::kDevice, learner.device.str());
  tree.set(keys::kThreads, learner.threads);
  static const StateTree kUsed = versions();
  tree.set(keys::kVersions, kUsed);
  return tree;
}

StateTree modelState(const Learner& learner, const TensorCapture& steady, const TensorCapture& moving) {
  auto tree = StateTree::stateDict();
  // Buffers, such as BatchNorm's, change in a forward pass; parameters only in a step.
  for (const auto& [name, tensor] : learner.tensors)
    tree.set(name, tensor.requires_grad() ? steady(tensor) : moving(tensor));
  return tree;
}

StateTree generatorState(const Learner& learner) {
  auto tree = StateTree::dict();
  tree.set(keys::kRngCpu, toCore(learner.initial.get_state()));
  StateTree::List cuda;
  if (learner.device.is_cuda()) cuda.emplace_back(toCore(learner.dropout.get_state()));
  tree.set(keys::kRngCuda, std::move(cuda));
  return tree;
}

StateTree metricsState(const Counters& counters) {
  auto tree = StateTree::dict();
  for (const auto& [name, value] : newestMetrics(counters)) tree.set(name, value);
  return tree;
}

}  // namespace

std::optional<double> Meter::mean() const {
  if (count == 0) return {};
  return sum / static_cast<double>(count);
}

std::map<std::string, double> newestMetrics(const Counters& counters) {
  std::map<std::string, double> metrics;
  for (const auto series : core::kAllSeries)
    if (const auto& value = counters.newestOf(series); value && series != core::Series::StepSeconds)
      metrics.emplace(core::seriesName(series), *value);
  return metrics;
}

StateTree checkpointTree(const Learner& learner, const CheckpointLabel& label, const TensorCapture& steady,
                         const TensorCapture& moving) {
  const auto& counters = learner.counters;
  const auto initialLr = learner.scheduler ? learner.scheduler->initialLr() : std::nullopt;
  auto tree = StateTree::dict();
  tree.set(keys::kEpoch, counters.epoch);
  tree.set(keys::kStep, counters.step);
  tree.set(keys::kLoss, counters.loss.value_or(std::numeric_limits<double>::quiet_NaN()));
  tree.set(keys::kModel, modelState(learner, steady, moving));
  tree.set(keys::kOptimizer, learner.optimizer->stateDict(counters.lr, initialLr, steady));
  tree.set(keys::kScheduler, learner.scheduler ? learner.scheduler->stateDict() : StateTree());
  tree.set(keys::kRngState, generatorState(learner));
  tree.set(keys::kMetrics, metricsState(counters));
  tree.set(keys::kCairn, cairnState(learner, label));
  return tree;
}

}  // namespace cairn::engine
