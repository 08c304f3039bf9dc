#include "engine/optim/sgd.h"

#include "engine/optim/float_loops.h"
#include "engine/optim/plain_floats.h"

namespace cairn::engine {

namespace {

void updateFloats(torch::Tensor& parameter, const torch::Tensor& gradient, torch::Tensor& buffer,
                  const core::SGDOptions& options, double lr) {
  const SgdScalars s{static_cast<float>(lr), static_cast<float>(options.momentum),
                  static_cast<float>(1 - options.dampening), static_cast<float>(options.weightDecay)};
  const auto count = parameter.numel();
  auto* p = parameter.data_ptr<float>();
  const auto* g = gradient.data_ptr<float>();
  if (options.momentum == 0) return sgdUpdate(count, p, g, s);
  if (buffer.defined()) {
    moveMomentum(count, p, g, buffer.data_ptr<float>(), s);
  } else {
    buffer = torch::empty_like(gradient);
    startMomentum(count, p, g, buffer.data_ptr<float>(), s);
  }
  const auto* moved = buffer.data_ptr<float>();
  options.nesterov ? applyNesterov(count, p, g, moved, s) : applyMomentum(count, p, moved, s);
}

void updateTensors(torch::Tensor& parameter, torch::Tensor gradient, torch::Tensor& buffer,
                   const core::SGDOptions& options, double lr) {
  if (options.weightDecay != 0) gradient = gradient.add(parameter, options.weightDecay);
  if (options.momentum != 0) {
    if (buffer.defined()) {
      buffer.mul_(options.momentum).add_(gradient, 1 - options.dampening);
    } else {
      buffer = gradient.clone();
    }
    gradient = options.nesterov ? gradient.add(buffer, options.momentum) : buffer;
  }
  parameter.add_(gradient, -lr);
}

}  // namespace

SGD::SGD(std::vector<torch::Tensor> parameters, core::SGDOptions options)
    : Optimizer(std::move(parameters)), options_(options), momentum_(parameters_.size()) {}

void SGD::update(std::size_t index, const torch::Tensor& gradient, double lr) {
  auto& parameter = parameters_[index];
  if (isPlainFloats(parameter) && isPlainFloats(gradient)) {
    updateFloats(parameter, gradient, momentum_[index], options_, lr);
  } else {
    updateTensors(parameter, gradient, momentum_[index], options_, lr);
  }
}

core::StateTree SGD::stateOf(std::size_t index, const TensorCapture& capture) const {
  if (!momentum_[index].defined()) return {};
  auto state = core::StateTree::dict();
  state.set("momentum_buffer", capture(momentum_[index]));
  return state;
}

void SGD::loadStateOf(std::size_t index, const core::StateTree& saved) {
  momentum_[index] = loadTensor(index, saved, "momentum_buffer");
}

core::StateTree SGD::groupOptions(double lr) const {
  auto group = core::StateTree::dict();
  group.set("lr", lr);
  group.set("momentum", options_.momentum);
  group.set("dampening", options_.dampening);
  group.set("weight_decay", options_.weightDecay);
  group.set("nesterov", options_.nesterov);
  group.set("maximize", false);
  group.set("foreach", core::StateTree());
  group.set("differentiable", false);
  group.set("fused", core::StateTree());
  return group;
}

}  // namespace cairn::engine
