#include "engine/loop/objective.h"

#include <cmath>

#include "engine/optim/float_loops.h"
#include "engine/optim/plain_floats.h"

namespace cairn::engine {

namespace {

std::int64_t largestOf(const float* row, std::int64_t count) {
  std::int64_t largest = 0;
  for (std::int64_t i = 1; i < count; ++i)
    if (row[i] > row[largest]) largest = i;
  return largest;
}

}  // namespace

torch::Tensor lossOf(core::LossType type, const torch::Tensor& output, const torch::Tensor& target) {
  switch (type) {
    case core::LossType::MSELoss: return torch::mse_loss(output, target);
    case core::LossType::L1Loss: return torch::l1_loss(output, target);
    case core::LossType::SmoothL1Loss: return torch::smooth_l1_loss(output, target);
    case core::LossType::CrossEntropyLoss: break;
  }
  if (output.dim() == 3) return torch::cross_entropy_loss(output.flatten(0, 1), target.flatten());
  return torch::cross_entropy_loss(output, target);
}

Correct countCorrect(const torch::Tensor& logits, const torch::Tensor& target) {
  const auto classes = logits.size(-1);
  Correct correct{0, target.numel()};
  if (!isPlainFloats(logits) || !target.is_contiguous()) {
    correct.right = logits.detach().argmax(-1).eq(target).sum().item<std::int64_t>();
    return correct;
  }
  const auto* row = logits.data_ptr<float>();
  const auto* wanted = target.data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < correct.of; ++i, row += classes) correct.right += largestOf(row, classes) == wanted[i];
  return correct;
}

double gradientNorm(const std::vector<torch::Tensor>& parameters) {
  double total = 0;
  torch::Tensor elsewhere;  // on the device: one transfer for all
  for (const auto& parameter : parameters) {
    const auto& gradient = parameter.grad();
    if (!gradient.defined()) continue;
    if (isPlainFloats(gradient)) {
      total += sumOfSquares(gradient.data_ptr<float>(), gradient.numel());
    } else {
      const auto sum = gradient.detach().to(torch::kDouble).square().sum();
      elsewhere = elsewhere.defined() ? elsewhere + sum : sum;
    }
  }
  if (elsewhere.defined()) total += elsewhere.item<double>();
  return std::sqrt(total);
}

}  // namespace cairn::engine
