#include "engine/compare/contender.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "engine/data/batch.h"
#include "engine/models/state_dict.h"
#include "engine/torch_compat.h"
#include "engine/torch_error.h"

namespace cairn::engine {

namespace {

constexpr std::int64_t kNone = -1;

std::int64_t indexIn(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? kNone : found - names.begin();
}

template <typename T>
std::span<T> memoryOf(const torch::Tensor& tensor) {
  return {tensor.data_ptr<T>(), static_cast<std::size_t>(tensor.numel())};
}

const char* wordFor(const std::string& format) {
  return format == "csv" ? "rows" : format == "idx" ? "images" : "text";
}

}  // namespace

Contender::Contender(const core::StateTree& checkpoint, const CheckpointInfo& info, const SharedData& shared,
                     torch::Device device)
    : info_(info), shared_(shared), device_(device), normalization_(info.normalization), problem_(findProblem()) {
  if (!problem_.empty()) return;
  const auto failed = failureOf("checkpoint", [&] { load(checkpoint); });
  if (failed) problem_ = failed->what();
}

void Contender::load(const core::StateTree& checkpoint) {
  model_ = buildModel(info_.spec.model, info_.shape, kNotDrawn, cpuGenerator(0), torch::kCPU);
  auto entries = stateEntries(*model_);
  loadWeights(entries, checkpoint);
  model_->to(device_);
  model_->eval();
}

std::string Contender::findProblem() {
  const auto& data = *shared_.data;
  const auto& format = shared_.about.format;
  if (info_.format != format)
    return fmt::format("takes {}, and this data is {}", wordFor(info_.format), wordFor(format));
  if (info_.spec.task() != data.task)
    return data.task == core::Task::Classification ? "predicts values, and this data has classes"
                                                   : "predicts classes, and this data has values";
  if (format == "idx" && (info_.shape.height != data.shape.height || info_.shape.width != data.shape.width))
    return fmt::format("takes images of {} x {}, and these are {} x {}", info_.shape.height, info_.shape.width,
                       data.shape.height, data.shape.width);
  if (format == "text")
    return info_.shape.blockSize >= data.shape.blockSize
               ? std::string()
               : fmt::format("takes {} bytes of text at the most, and these blocks have {}", info_.shape.blockSize,
                             data.shape.blockSize);
  if (format == "csv")
    if (auto problem = matchColumns(); !problem.empty()) return problem;
  return matchTargets();
}

std::string Contender::matchColumns() {
  for (const auto& feature : info_.features) {
    const auto column = indexIn(shared_.data->features, feature);
    if (column == kNone) return fmt::format("takes a column '{}', and this data has none", feature);
    columns_.push_back(static_cast<std::size_t>(column));
  }
  return {};
}

std::string Contender::matchTargets() {
  const bool classes = shared_.classifies();
  const auto& own = classes ? info_.classes : info_.targets;
  const auto& shared = classes ? shared_.data->classes : shared_.data->targetNames;
  for (const auto& name : own) sharedIndex_.push_back(indexIn(shared, name));
  for (const auto& name : shared) ownIndex_.push_back(indexIn(own, name));
  const auto lacks = std::find(ownIndex_.begin(), ownIndex_.end(), kNone);
  if (!classes && (lacks != ownIndex_.end() || own.size() != shared.size()))
    return "predicts other targets than this data has";
  if (classes && std::all_of(ownIndex_.begin(), ownIndex_.end(), [](auto index) { return index == kNone; }))
    return "knows none of this data's classes";
  return {};
}

void Contender::matchClasses(std::vector<std::string>& extra) {
  for (std::size_t i = 0; i < sharedIndex_.size(); ++i) {
    if (sharedIndex_[i] != kNone) continue;
    auto index = indexIn(extra, info_.classes[i]);
    if (index == kNone) {
      index = static_cast<std::int64_t>(extra.size());
      extra.push_back(info_.classes[i]);
    }
    sharedIndex_[i] = static_cast<std::int64_t>(shared_.data->classes.size()) + index;
  }
}

StateEntries Contender::entries() const { return stateEntries(*model_); }

torch::Tensor Contender::inputs(std::span<const std::int64_t> samples) const {
  const auto& data = *shared_.data;
  const auto count = static_cast<std::int64_t>(samples.size());
  if (shared_.isText()) {
    auto input = torch::empty({count, data.shape.blockSize}, torch::kInt64);
    auto ahead = torch::empty_like(input);
    gatherBlocks(data, samples, memoryOf<std::int64_t>(input), memoryOf<std::int64_t>(ahead));
    return input.to(device_);
  }
  if (!data.pixels.empty()) {
    auto input = torch::empty({count, data.shape.channels, data.shape.height, data.shape.width});
    const auto size = sampleSize(data);
    std::vector<std::uint8_t> pixels;
    for (const auto sample : samples)
      pixels.insert(pixels.end(), data.pixels.begin() + sample * size, data.pixels.begin() + (sample + 1) * size);
    normalizeImages(normalization_, data.shape, pixels, memoryOf<float>(input));
    return input.to(device_);
  }
  auto input = torch::empty({count, static_cast<std::int64_t>(columns_.size())});
  std::vector<float> rows;
  for (const auto sample : samples)
    for (const auto column : columns_)
      rows.push_back(data.values[static_cast<std::size_t>(sample * data.shape.inputs) + column]);
  normalizeRows(normalization_, rows, memoryOf<float>(input));
  return input.to(device_);
}

torch::Tensor Contender::forward(std::span<const std::int64_t> samples) { return model_->forward(inputs(samples)); }

std::optional<torch::Tensor> Contender::targets(std::span<const std::int64_t> samples) const {
  const auto& data = *shared_.data;
  const auto count = static_cast<std::int64_t>(samples.size());
  if (shared_.isText()) {
    auto input = torch::empty({count, data.shape.blockSize}, torch::kInt64);
    auto target = torch::empty_like(input);
    gatherBlocks(data, samples, memoryOf<std::int64_t>(input), memoryOf<std::int64_t>(target));
    return target.to(device_);
  }
  if (shared_.classifies()) {
    auto target = torch::empty({count}, torch::kInt64);
    gatherLabels(data, samples, memoryOf<std::int64_t>(target));
    for (auto& label : memoryOf<std::int64_t>(target)) {
      label = ownIndex_[static_cast<std::size_t>(label)];
      if (label == kNone) return {};
    }
    return target.to(device_);
  }
  auto target = torch::empty({count, data.shape.outputs});
  gatherTargets(data, samples, memoryOf<float>(target));
  return target.index_select(1, torch::tensor(sharedIndex_)).to(device_);
}

}  // namespace cairn::engine
