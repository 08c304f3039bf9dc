// What a batch's output is worth: its loss, how many answers are right, and how long the gradient is. Pure functions of
// tensors; on the training thread.
#pragma once

#include <cstdint>
#include <vector>

#include "core/run_spec.h"
#include "engine/torch_pch.h"

namespace cairn::engine {

/// The mean loss as a 0-dim tensor. Text's logits (N x blockSize x 256) count a position as a sample.
torch::Tensor lossOf(core::LossType type, const torch::Tensor& output, const torch::Tensor& target);

/// How many of the logits' largest values stand at the target; and how many targets there are.
struct Correct {
  std::int64_t right = 0, of = 0;
};
Correct countCorrect(const torch::Tensor& logits, const torch::Tensor& target);

/// The L2 norm over all gradients that are there, summed in double.
double gradientNorm(const std::vector<torch::Tensor>& parameters);

}  // namespace cairn::engine
