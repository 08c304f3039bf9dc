#include "engine/loop/batcher.h"

#include <algorithm>

#include "engine/data/batch.h"

namespace cairn::engine {

namespace {

bool isText(const Dataset& data) { return std::holds_alternative<core::TextData>(data.spec.source); }
bool isImages(const Dataset& data) { return std::holds_alternative<core::IdxData>(data.spec.source); }

torch::Tensor inputBuffer(const Dataset& data, std::int64_t largest, const torch::TensorOptions& options) {
  const auto& shape = data.shape;
  if (isText(data)) return torch::empty({largest, shape.blockSize}, options.dtype(torch::kLong));
  if (isImages(data))
    return torch::empty({largest, shape.channels, shape.height, shape.width}, options.dtype(torch::kFloat));
  return torch::empty({largest, shape.inputs}, options.dtype(torch::kFloat));
}

torch::Tensor targetBuffer(const Dataset& data, std::int64_t largest, const torch::TensorOptions& options) {
  if (isText(data)) return torch::empty({largest, data.shape.blockSize}, options.dtype(torch::kLong));
  if (data.task == core::Task::Classification) return torch::empty({largest}, options.dtype(torch::kLong));
  return torch::empty({largest, data.shape.outputs}, options.dtype(torch::kFloat));
}

template <typename T>
std::span<T> memoryOf(const torch::Tensor& tensor) {
  return {tensor.data_ptr<T>(), static_cast<std::size_t>(tensor.numel())};
}

void copyRows(const Dataset& data, std::span<const std::int64_t> samples, float* to) {
  const auto columns = data.shape.inputs;
  for (const auto sample : samples) to = std::copy_n(data.values.data() + sample * columns, columns, to);
}

}  // namespace

PreparedData::PreparedData(Dataset loaded) : data(std::move(loaded)) {
  normalizeRows(data.normalization, data.values, data.values);
}

Batcher::Batcher(std::shared_ptr<const PreparedData> prepared, std::int64_t largest, torch::Device device)
    : prepared_(std::move(prepared)), device_(device) {
  const auto options = torch::TensorOptions().pinned_memory(device.is_cuda());
  input_ = inputBuffer(prepared_->data, largest, options);
  target_ = targetBuffer(prepared_->data, largest, options);
}

void Batcher::fill(std::span<const std::int64_t> samples) {
  const auto& data = prepared_->data;
  if (isText(data)) return gatherBlocks(data, samples, memoryOf<std::int64_t>(input_), memoryOf<std::int64_t>(target_));
  if (isImages(data)) {
    gatherInputs(data, samples, memoryOf<float>(input_));
  } else {
    copyRows(data, samples, input_.data_ptr<float>());
  }
  if (data.task == core::Task::Classification) {
    gatherLabels(data, samples, memoryOf<std::int64_t>(target_));
  } else {
    gatherTargets(data, samples, memoryOf<float>(target_));
  }
}

Batch Batcher::gather(std::span<const std::int64_t> samples) {
  fill(samples);
  const auto count = static_cast<std::int64_t>(samples.size());
  Batch batch{input_, target_, count};
  if (count < input_.size(0)) {
    batch.input = input_.narrow(0, 0, count);
    batch.target = target_.narrow(0, 0, count);
  }
  if (device_.is_cuda()) {
    batch.input = batch.input.to(device_);
    batch.target = batch.target.to(device_);
  }
  return batch;
}

}  // namespace cairn::engine
