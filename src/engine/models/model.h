// The models that a spec can name. Each draws its initial weights and dropout masks from the generator it is given,
// never from LibTorch's global one.
#pragma once

#include <memory>
#include <vector>

#include "core/run_spec.h"
#include "engine/data/dataset.h"
#include "engine/face/engine.h"
#include "engine/models/layers.h"
#include "engine/torch_pch.h"

namespace cairn::engine {

/// A module that maps a batch of inputs to logits (N x classes; text: N x blockSize x 256) or values (N x targets).
/// Inputs: csv N x features float32; idx N x C x H x W float32; text N x blockSize int64.
class Model : public torch::nn::Module {
 public:
  virtual torch::Tensor forward(torch::Tensor input) = 0;
  /// Its layers as LayerSummary lists them, for a person.
  virtual std::vector<LayerSummary> summary() const = 0;
};

/// `generator` is kept by the model for dropout; it must be of `device`. Weights are drawn on the CPU generator
/// `initial` and moved, so that a seed gives the same start on every device; kNotDrawn leaves them unset.
std::shared_ptr<Model> buildModel(const core::ModelSpec& spec, const DataShape& shape, torch::Generator initial,
                                  torch::Generator generator, torch::Device device);

}  // namespace cairn::engine
