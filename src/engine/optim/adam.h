// Adam and AdamW, as torch.optim computes them. On the training thread.
#pragma once

#include "engine/optim/optimizer.h"

namespace cairn::engine {

class Adam : public Optimizer {
 public:
  Adam(std::vector<torch::Tensor> parameters, core::AdamOptions options)
      : Adam(std::move(parameters), options, /*decoupled=*/false) {}

 protected:
  /// `decoupled` weight decay shrinks the parameter itself (AdamW) instead of adding to its gradient.
  Adam(std::vector<torch::Tensor> parameters, core::AdamOptions options, bool decoupled);

 private:
  struct Moments {
    std::int64_t step = 0;
    torch::Tensor mean, square, maxSquare;  ///< exp_avg, exp_avg_sq, max_exp_avg_sq; undefined before the first update
  };

  void update(std::size_t index, const torch::Tensor& gradient, double lr) override;
  void updateFloats(torch::Tensor& parameter, const torch::Tensor& gradient, Moments& moments, double lr) const;
  void updateTensors(torch::Tensor& parameter, torch::Tensor gradient, Moments& moments, double lr) const;
  core::StateTree stateOf(std::size_t index, const TensorCapture& capture) const override;
  void loadStateOf(std::size_t index, const core::StateTree& saved) override;
  core::StateTree groupOptions(double lr) const override;

  core::AdamOptions options_;
  bool decoupled_;
  std::vector<Moments> moments_;
};

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2017).
class AdamW final : public Adam {
 public:
  AdamW(std::vector<torch::Tensor> parameters, core::AdamWOptions options);
};

}  // namespace cairn::engine
