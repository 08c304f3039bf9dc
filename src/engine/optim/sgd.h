// Stochastic gradient descent with momentum, as torch.optim.SGD computes it. On the training thread.
#pragma once

#include "engine/optim/optimizer.h"

namespace cairn::engine {

class SGD final : public Optimizer {
 public:
  SGD(std::vector<torch::Tensor> parameters, core::SGDOptions options);

 private:
  void update(std::size_t index, const torch::Tensor& gradient, double lr) override;
  core::StateTree stateOf(std::size_t index, const TensorCapture& capture) const override;
  void loadStateOf(std::size_t index, const core::StateTree& saved) override;
  core::StateTree groupOptions(double lr) const override;

  core::SGDOptions options_;
  std::vector<torch::Tensor> momentum_;  ///< momentum_buffer; undefined before a parameter's first update
};

}  // namespace cairn::engine
