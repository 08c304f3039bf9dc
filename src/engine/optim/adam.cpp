#include "engine/optim/adam.h"

#include <cmath>

#include "core/error.h"
#include "engine/optim/float_loops.h"
#include "engine/optim/plain_floats.h"

namespace cairn::engine {

namespace {

core::AdamOptions withoutName(const core::AdamWOptions& options) {
  return {.lr = options.lr,
          .betas = options.betas,
          .eps = options.eps,
          .weightDecay = options.weightDecay,
          .amsgrad = options.amsgrad};
}

}  // namespace

Adam::Adam(std::vector<torch::Tensor> parameters, core::AdamOptions options, bool decoupled)
    : Optimizer(std::move(parameters)), options_(options), decoupled_(decoupled), moments_(parameters_.size()) {}

AdamW::AdamW(std::vector<torch::Tensor> parameters, core::AdamWOptions options)
    : Adam(std::move(parameters), withoutName(options), /*decoupled=*/true) {}

void Adam::update(std::size_t index, const torch::Tensor& gradient, double lr) {
  auto& parameter = parameters_[index];
  auto& moments = moments_[index];
  if (!moments.mean.defined()) {
    moments.mean = torch::zeros_like(parameter);
    moments.square = torch::zeros_like(parameter);
  }
  if (options_.amsgrad && !moments.maxSquare.defined()) moments.maxSquare = torch::zeros_like(parameter);
  // PyTorch counts in float32, which stays at 2^24; the corrections are 1 long before.
  if (moments.step < (std::int64_t{1} << 24)) ++moments.step;
  if (isPlainFloats(parameter) && isPlainFloats(gradient)) {
    updateFloats(parameter, gradient, moments, lr);
  } else {
    updateTensors(parameter, gradient, moments, lr);
  }
}

void Adam::updateFloats(torch::Tensor& parameter, const torch::Tensor& gradient, Moments& moments, double lr) const {
  const auto [beta1, beta2] = options_.betas;
  const auto step = static_cast<double>(moments.step);
  const AdamScalars s{.shrink = decoupled_ ? static_cast<float>(1 - lr * options_.weightDecay) : 1.0f,
                  .weightDecay = decoupled_ ? 0.0f : static_cast<float>(options_.weightDecay),
                  .beta1 = static_cast<float>(beta1),
                  .oneMinusBeta1 = static_cast<float>(1 - beta1),
                  .beta2 = static_cast<float>(beta2),
                  .oneMinusBeta2 = static_cast<float>(1 - beta2),
                  .stepSize = static_cast<float>(lr / (1 - std::pow(beta1, step))),
                  .correction2Sqrt = static_cast<float>(std::sqrt(1 - std::pow(beta2, step))),
                  .eps = static_cast<float>(options_.eps)};
  const auto count = parameter.numel();
  auto* p = parameter.data_ptr<float>();
  const auto* g = gradient.data_ptr<float>();
  auto* mean = moments.mean.data_ptr<float>();
  auto* square = moments.square.data_ptr<float>();
  if (options_.amsgrad) {
    amsgradUpdate(count, p, g, mean, square, moments.maxSquare.data_ptr<float>(), s);
  } else {
    adamUpdate(count, p, g, mean, square, s);
  }
}

void Adam::updateTensors(torch::Tensor& parameter, torch::Tensor gradient, Moments& moments, double lr) const {
  const auto [beta1, beta2] = options_.betas;
  const auto step = static_cast<double>(moments.step);
  if (options_.weightDecay != 0) {
    if (decoupled_) {
      parameter.mul_(1 - lr * options_.weightDecay);
    } else {
      gradient = gradient.add(parameter, options_.weightDecay);
    }
  }
  moments.mean.mul_(beta1).add_(gradient, 1 - beta1);
  moments.square.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
  if (options_.amsgrad) moments.maxSquare = torch::maximum(moments.maxSquare, moments.square);
  const auto& square = options_.amsgrad ? moments.maxSquare : moments.square;
  const auto denominator = (square.sqrt() / std::sqrt(1 - std::pow(beta2, step))).add_(options_.eps);
  parameter.addcdiv_(moments.mean, denominator, -lr / (1 - std::pow(beta1, step)));
}

core::StateTree Adam::stateOf(std::size_t index, const TensorCapture& capture) const {
  const auto& moments = moments_[index];
  if (!moments.mean.defined()) return {};
  const auto step = static_cast<float>(moments.step);
  auto state = core::StateTree::dict();
  state.set("step", core::Tensor::copyOf(core::DType::Float32, {}, std::as_bytes(std::span(&step, 1))));
  state.set("exp_avg", capture(moments.mean));
  state.set("exp_avg_sq", capture(moments.square));
  if (moments.maxSquare.defined()) state.set("max_exp_avg_sq", capture(moments.maxSquare));
  return state;
}

void Adam::loadStateOf(std::size_t index, const core::StateTree& saved) {
  auto& moments = moments_[index];
  moments.step = saved.integer("step");
  moments.mean = loadTensor(index, saved, "exp_avg");
  moments.square = loadTensor(index, saved, "exp_avg_sq");
  moments.maxSquare = options_.amsgrad ? loadTensor(index, saved, "max_exp_avg_sq") : torch::Tensor();
  if (!moments.mean.defined() || !moments.square.defined() || moments.step < 0)
    throw Error("optimizer_state_dict", "is not Adam's: exp_avg, exp_avg_sq or step is missing",
                "choose another checkpoint, or reset the optimizer");
}

core::StateTree Adam::groupOptions(double lr) const {
  auto group = core::StateTree::dict();
  group.set("lr", lr);
  group.set("betas", core::StateTree::Tuple{{options_.betas.first, options_.betas.second}});
  group.set("eps", options_.eps);
  group.set("weight_decay", options_.weightDecay);
  group.set("amsgrad", options_.amsgrad);
  group.set("maximize", false);
  group.set("foreach", core::StateTree());
  group.set("capturable", false);
  group.set("differentiable", false);
  group.set("fused", core::StateTree());
  return group;
}

}  // namespace cairn::engine
