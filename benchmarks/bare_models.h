// The examples' models in LibTorch's own modules, as a person would write them without Cairn.
#pragma once

#include <ATen/core/ivalue.h>
#include <torch/torch.h>

#include "core/run_spec.h"
#include "engine/data/dataset.h"

namespace cairn::bench {

/// A chain of modules: an MLP, or a CNN with its classifier.
class BareStack : public torch::nn::Module {
 public:
  BareStack(const core::RunSpec& spec, const engine::DataShape& shape) {
    if (const auto* mlp = std::get_if<core::MlpModel>(&spec.model)) {
      flattens_ = true;
      std::int64_t in = shape.channels > 0 ? shape.channels * shape.height * shape.width : shape.inputs;
      for (const auto hidden : mlp->hidden) in = dense(in, hidden, mlp->dropout);
      layers_->push_back(torch::nn::Linear(in, shape.outputs));
    } else {
      convolve(std::get<core::CnnModel>(spec.model), shape);
    }
    register_module("layers", layers_);
  }

  torch::Tensor forward(torch::Tensor x) { return layers_->forward(flattens_ && x.dim() > 2 ? x.flatten(1) : x); }

 private:
  std::int64_t dense(std::int64_t in, std::int64_t out, double dropout) {
    layers_->push_back(torch::nn::Linear(in, out));
    layers_->push_back(torch::nn::ReLU());
    if (dropout > 0) layers_->push_back(torch::nn::Dropout(dropout));
    return out;
  }

  void convolve(const core::CnnModel& cnn, const engine::DataShape& shape) {
    std::int64_t in = shape.channels, height = shape.height, width = shape.width;
    for (const auto out : cnn.channels) {
      layers_->push_back(torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 3).padding(1)));
      if (cnn.batchNorm) layers_->push_back(torch::nn::BatchNorm2d(out));
      layers_->push_back(torch::nn::ReLU());
      layers_->push_back(torch::nn::MaxPool2d(2));
      in = out, height /= 2, width /= 2;
    }
    layers_->push_back(torch::nn::Flatten());
    layers_->push_back(torch::nn::Linear(in * height * width, cnn.hidden));
    layers_->push_back(torch::nn::ReLU());
    if (cnn.dropout > 0) layers_->push_back(torch::nn::Dropout(cnn.dropout));
    layers_->push_back(torch::nn::Linear(cnn.hidden, shape.outputs));
  }

  torch::nn::Sequential layers_;
  bool flattens_ = false;
};

/// A block of GPT-2's kind: norm, attention, norm, a wide layer.
class BareBlock : public torch::nn::Module {
 public:
  explicit BareBlock(const core::TransformerModel& spec)
      : heads_(spec.heads),
        norm1_(register_module("norm1", norm(spec.width))),
        norm2_(register_module("norm2", norm(spec.width))),
        qkv_(register_module("qkv", torch::nn::Linear(spec.width, 3 * spec.width))),
        projection_(register_module("projection", torch::nn::Linear(spec.width, spec.width))),
        wide_(register_module("wide", torch::nn::Linear(spec.width, 4 * spec.width))),
        narrow_(register_module("narrow", torch::nn::Linear(4 * spec.width, spec.width))) {}

  torch::Tensor forward(torch::Tensor x, const torch::Tensor& mask) {
    x = x + attention(norm1_(x), mask);
    return x + narrow_(torch::gelu(wide_(norm2_(x))));
  }

 private:
  static torch::nn::LayerNorm norm(std::int64_t width) {
    return torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}));
  }

  torch::Tensor attention(const torch::Tensor& x, const torch::Tensor& mask) {
    const auto n = x.size(0), t = x.size(1), width = x.size(2);
    const auto parts = qkv_(x).view({n, t, 3, heads_, width / heads_}).permute({2, 0, 3, 1, 4});
    const auto scores = torch::matmul(parts[0], parts[1].transpose(-2, -1)) / std::sqrt(double(width / heads_));
    return projection_(torch::matmul((scores + mask).softmax(-1), parts[2]).transpose(1, 2).reshape({n, t, width}));
  }

  std::int64_t heads_;
  torch::nn::LayerNorm norm1_, norm2_;
  torch::nn::Linear qkv_, projection_, wide_, narrow_;
};

class BareTransformer : public torch::nn::Module {
 public:
  BareTransformer(const core::TransformerModel& spec, std::int64_t blockSize)
      : tokens_(register_module("tokens", torch::nn::Embedding(256, spec.width))),
        positions_(register_module("positions", torch::nn::Embedding(blockSize, spec.width))),
        norm_(register_module("norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({spec.width})))),
        mask_(torch::full({blockSize, blockSize}, -INFINITY).triu(1)) {
    torch::nn::init::normal_(tokens_->weight, 0, 0.02);
    torch::nn::init::normal_(positions_->weight, 0, 0.02);
    for (std::int64_t i = 0; i < spec.layers; ++i)
      blocks_.push_back(register_module("block" + std::to_string(i), std::make_shared<BareBlock>(spec)));
  }

  torch::Tensor forward(const torch::Tensor& bytes) {
    auto x = tokens_(bytes) + positions_->weight;
    for (auto& block : blocks_) x = block->forward(x, mask_);
    return torch::linear(norm_(x), tokens_->weight);
  }

 private:
  torch::nn::Embedding tokens_, positions_;
  torch::nn::LayerNorm norm_;
  torch::Tensor mask_;
  std::vector<std::shared_ptr<BareBlock>> blocks_;
};

}  // namespace cairn::bench
