#include "engine/models/transformer.h"

#include <cmath>
#include <limits>
#include <string>

namespace cairn::engine {

/// Heads of attention side by side; q, k and v come from one product.
class Transformer::Attention final : public torch::nn::Module {
 public:
  Attention(const core::TransformerModel& spec, torch::Generator& initial, const torch::Generator& dropout)
      : heads_(spec.heads),
        qkv_(register_module("qkv", std::make_shared<Linear>(spec.width, 3 * spec.width, initial))),
        projection_(register_module("proj", std::make_shared<Linear>(spec.width, spec.width, initial))),
        attentionDropout_(register_module("attn_dropout", std::make_shared<Dropout>(spec.dropout, dropout))),
        dropout_(register_module("dropout", std::make_shared<Dropout>(spec.dropout, dropout))) {}

  torch::Tensor forward(const torch::Tensor& input, const torch::Tensor& mask) {
    const auto n = input.size(0), t = input.size(1), width = input.size(2);
    const auto parts = qkv_->forward(input).view({n, t, 3, heads_, width / heads_}).permute({2, 0, 3, 1, 4});
    const auto query = parts[0], key = parts[1], value = parts[2];  // N x heads x T x width / heads
    const double scale = 1.0 / std::sqrt(static_cast<double>(width / heads_));
    auto weights = (torch::matmul(query, key.transpose(-2, -1)) * scale + mask).softmax(-1);
    weights = attentionDropout_->forward(weights);
    const auto mixed = torch::matmul(weights, value).transpose(1, 2).reshape({n, t, width});
    return dropout_->forward(projection_->forward(mixed));
  }

 private:
  std::int64_t heads_;
  std::shared_ptr<Linear> qkv_, projection_;
  std::shared_ptr<Dropout> attentionDropout_, dropout_;
};

class Transformer::Block final : public torch::nn::Module {
 public:
  Block(const core::TransformerModel& spec, torch::Generator& initial, const torch::Generator& dropout)
      : norm1_(register_module("norm1", std::make_shared<LayerNorm>(spec.width))),
        attention_(register_module("attention", std::make_shared<Attention>(spec, initial, dropout))),
        norm2_(register_module("norm2", std::make_shared<LayerNorm>(spec.width))),
        mlp_(register_module("mlp", std::make_shared<Sequential>())) {
    mlp_->add(std::make_shared<Linear>(spec.width, 4 * spec.width, initial));
    mlp_->add(std::make_shared<ActivationLayer>(core::Activation::GELU));
    mlp_->add(std::make_shared<Linear>(4 * spec.width, spec.width, initial));
    mlp_->add(std::make_shared<Dropout>(spec.dropout, dropout));
  }

  torch::Tensor forward(torch::Tensor input, const torch::Tensor& mask) {
    input = input + attention_->forward(norm1_->forward(input), mask);
    return input + mlp_->forward(norm2_->forward(input));
  }

 private:
  std::shared_ptr<LayerNorm> norm1_;
  std::shared_ptr<Attention> attention_;
  std::shared_ptr<LayerNorm> norm2_;
  std::shared_ptr<Sequential> mlp_;
};

Transformer::Transformer(const core::TransformerModel& spec, std::int64_t blockSize, std::vector<LayerSummary> summary,
                         torch::Generator& initial, const torch::Generator& dropout)
    : summary_(std::move(summary)) {
  // PyTorch's N(0, 1) would make the first logits of a tied head huge; GPT-2's deviation keeps them near 0.
  constexpr double kDeviation = 0.02;
  tokens_ = register_module("token_embedding", std::make_shared<Embedding>(256, spec.width, kDeviation, initial));
  positions_ =
      register_module("position_embedding", std::make_shared<Embedding>(blockSize, spec.width, kDeviation, initial));
  dropout_ = register_module("dropout", std::make_shared<Dropout>(spec.dropout, dropout));
  const auto blocks = register_module("blocks", std::make_shared<torch::nn::ModuleListImpl>());
  for (std::int64_t i = 0; i < spec.layers; ++i) {
    blocks_.push_back(std::make_shared<Block>(spec, initial, dropout));
    blocks->push_back(blocks_.back());
  }
  norm_ = register_module("norm", std::make_shared<LayerNorm>(spec.width));
}

const torch::Tensor& Transformer::mask(std::int64_t size, torch::Device device) {
  if (mask_.defined() && mask_.size(0) == size && mask_.device() == device) return mask_;
  const c10::InferenceMode ordinary(false);  // one made in inference mode could not be used in training
  mask_ =
      torch::full({size, size}, -std::numeric_limits<float>::infinity(), torch::TensorOptions().device(device)).triu(1);
  return mask_;
}

torch::Tensor Transformer::forward(torch::Tensor input) {
  const auto length = input.size(1);
  const auto& causal = mask(length, input.device());
  auto x = dropout_->forward(tokens_->forward(input) + positions_->weight().slice(0, 0, length));
  for (const auto& block : blocks_) x = block->forward(x, causal);
  return torch::linear(norm_->forward(x), tokens_->weight());
}

}  // namespace cairn::engine
