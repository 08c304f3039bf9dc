// The update rule of a run: PyTorch's formulas over all parameters, and PyTorch's own form of their state.
// Used on the training thread alone, but for the tensors that stateDict() hands out: the snapshot's copier reads them
// between two steps.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/run_spec.h"
#include "core/state_tree.h"
#include "engine/torch_pch.h"

namespace cairn::engine {

/// Takes a live tensor into a checkpoint: what it returns holds the tensor's value, now or once the copier has run.
using TensorCapture = std::function<core::Tensor(const torch::Tensor&)>;

class Optimizer {
 public:
  explicit Optimizer(std::vector<torch::Tensor> parameters) : parameters_(std::move(parameters)) {}
  virtual ~Optimizer() = default;
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;

  /// One update with the gradients that are there; a parameter without one is left alone.
  void step(double lr);
  /// Drops the gradients, so that the next backward stores them instead of adding (PyTorch's set_to_none).
  void clearGradients();
  const std::vector<torch::Tensor>& parameters() const { return parameters_; }

  /// {state: {int: {...}}, param_groups: [{...}]}, as torch.optim.Optimizer.load_state_dict takes it. `initialLr` is
  /// what a schedule notes in the group.
  core::StateTree stateDict(double lr, std::optional<double> initialLr, const TensorCapture& capture) const;
  /// Takes such a state, `step` as an int or a tensor, in one group or several. Options are the spec's, not the
  /// file's. Throws Error where a tensor does not fit its parameter.
  void loadStateDict(const core::StateTree& saved);

 protected:
  /// Updates parameter `index`, whose gradient is there.
  virtual void update(std::size_t index, const torch::Tensor& gradient, double lr) = 0;
  virtual core::StateTree stateOf(std::size_t index, const TensorCapture& capture) const = 0;  ///< None: no state yet
  virtual void loadStateOf(std::size_t index, const core::StateTree& saved) = 0;
  /// Keys and values of the group, without `params`.
  virtual core::StateTree groupOptions(double lr) const = 0;

  /// A saved tensor as one beside parameter `index`; undefined if `key` is absent or None.
  torch::Tensor loadTensor(std::size_t index, const core::StateTree& saved, std::string_view key) const;

  std::vector<torch::Tensor> parameters_;
};

/// `parameters` in the model's order, tied ones once.
std::unique_ptr<Optimizer> makeOptimizer(const core::OptimizerSpec& spec, std::vector<torch::Tensor> parameters);

}  // namespace cairn::engine
