#include "engine/optim/optimizer.h"

#include <fmt/format.h>

#include "core/error.h"
#include "engine/checkpoint_keys.h"
#include "engine/optim/adam.h"
#include "engine/optim/sgd.h"
#include "engine/tensor_bridge.h"

namespace cairn::engine {

void Optimizer::step(double lr) {
  const torch::NoGradGuard noGrad;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const auto& gradient = parameters_[i].grad();
    if (gradient.defined()) update(i, gradient, lr);
  }
}

void Optimizer::clearGradients() {
  for (auto& parameter : parameters_) parameter.mutable_grad().reset();
}

core::StateTree Optimizer::stateDict(double lr, std::optional<double> initialLr, const TensorCapture& capture) const {
  core::StateTree state = core::StateTree::dict();
  core::StateTree::List indices;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const auto index = static_cast<std::int64_t>(i);
    indices.emplace_back(index);
    if (auto one = stateOf(i, capture); !one.isNone()) state.set(index, std::move(one));
  }
  core::StateTree group = groupOptions(lr);
  if (initialLr) group.set("initial_lr", *initialLr);
  group.set(keys::kParams, std::move(indices));

  core::StateTree whole = core::StateTree::dict();
  whole.set(keys::kOptimizerState, std::move(state));
  whole.set(keys::kParamGroups, core::StateTree::List{std::move(group)});
  return whole;
}

void Optimizer::loadStateDict(const core::StateTree& saved) {
  const auto& state = saved.at(keys::kOptimizerState);
  const auto* groups = saved.at(keys::kParamGroups).as<core::StateTree::List>();
  if (!groups) throw Error("optimizer_state_dict", "param_groups is not a list", "choose another checkpoint");
  std::size_t next = 0;
  for (const auto& group : *groups) {
    const auto* indices = group.at(keys::kParams).as<core::StateTree::List>();
    if (!indices) throw Error("optimizer_state_dict", "a group's params is not a list", "choose another checkpoint");
    for (const auto& index : *indices) {
      if (next == parameters_.size())
        throw Error("optimizer_state_dict", fmt::format("has state for more than the model's {} parameters", next),
                    "choose a checkpoint of this model, or reset the optimizer");
      if (const auto number = index.asInteger())
        if (const auto* one = state.find(*number)) loadStateOf(next, *one);
      ++next;
    }
  }
}

torch::Tensor Optimizer::loadTensor(std::size_t index, const core::StateTree& saved, std::string_view key) const {
  const auto* child = saved.find(key);
  if (!child || child->isNone()) return {};
  const auto& parameter = parameters_[index];
  const auto& tensor = saved.tensor(key);
  if (tensor.shape != parameter.sizes().vec())
    throw Error("optimizer_state_dict",
                fmt::format("{} of parameter {} has another shape than the parameter", key, index),
                "choose a checkpoint of this model, or reset the optimizer");
  return toTorch(tensor).to(parameter.options().requires_grad(false), /*non_blocking=*/false, /*copy=*/true);
}

std::unique_ptr<Optimizer> makeOptimizer(const core::OptimizerSpec& spec, std::vector<torch::Tensor> parameters) {
  if (const auto* sgd = std::get_if<core::SGDOptions>(&spec)) return std::make_unique<SGD>(std::move(parameters), *sgd);
  if (const auto* adam = std::get_if<core::AdamOptions>(&spec))
    return std::make_unique<Adam>(std::move(parameters), *adam);
  return std::make_unique<AdamW>(std::move(parameters), std::get<core::AdamWOptions>(spec));
}

}  // namespace cairn::engine
