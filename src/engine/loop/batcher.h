// Turns sample numbers into the model's input and target, in buffers that every batch reuses. On the training thread.
#pragma once

#include <memory>
#include <span>

#include "engine/data/dataset.h"
#include "engine/torch_pch.h"

namespace cairn::engine {

/// The data with csv inputs normalized once ahead, ready for any number of batchers. `data.values` are then inputs.
struct PreparedData {
  explicit PreparedData(Dataset loaded);
  Dataset data;
};

struct Batch {
  torch::Tensor input, target;  ///< valid until the next batch; target: class indices, bytes or values
  std::int64_t samples = 0;
};

class Batcher {
 public:
  Batcher(std::shared_ptr<const PreparedData> prepared, std::int64_t largest, torch::Device device);
  /// At most `largest` samples.
  Batch gather(std::span<const std::int64_t> samples);

 private:
  void fill(std::span<const std::int64_t> samples);

  std::shared_ptr<const PreparedData> prepared_;
  torch::Device device_;
  torch::Tensor input_, target_;  ///< the buffers: `largest` samples each, on the CPU
};

}  // namespace cairn::engine
