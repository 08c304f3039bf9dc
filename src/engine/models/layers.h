// The layers that models are made of. They are PyTorch's in names, formulas and initial distributions, but draw from
// the generator they are given: LibTorch's own draw from its global one, which other threads share. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/run_spec.h"
#include "engine/torch_pch.h"

namespace cairn::engine {

/// In the place of the generator that initial weights are drawn from: none are drawn, since they are to be loaded, all of them.
inline const torch::Generator kNotDrawn;

class Layer : public torch::nn::Module {
 public:
  virtual torch::Tensor forward(torch::Tensor input) = 0;
};

/// x W^T + b; weight (out, in), bias (out).
class Linear final : public Layer {
 public:
  Linear(std::int64_t in, std::int64_t out, torch::Generator& initial);
  torch::Tensor forward(torch::Tensor input) override;

 private:
  torch::Tensor weight_, bias_;
};

/// A 3x3 convolution with padding 1: N x in x H x W to N x out x H x W.
class Conv2d final : public Layer {
 public:
  Conv2d(std::int64_t in, std::int64_t out, torch::Generator& initial);
  torch::Tensor forward(torch::Tensor input) override;

 private:
  torch::Tensor weight_, bias_;
};

/// PyTorch's BatchNorm2d with its defaults: eps 1e-5, momentum 0.1.
class BatchNorm2d final : public Layer {
 public:
  explicit BatchNorm2d(std::int64_t channels);
  torch::Tensor forward(torch::Tensor input) override;

  /// Resets the running statistics; until endMean() they are the plain mean over the batches seen (PyTorch's momentum
  /// None), whatever mode the module was in. It is in eval mode after.
  void beginMean();
  void endMean();

 private:
  torch::Tensor weight_, bias_, runningMean_, runningVar_, batches_;
  std::int64_t inMean_ = -1;  ///< batches in the mean; -1: running statistics move as they do in training
};

/// Over the last dimension, eps 1e-5.
class LayerNorm final : public Layer {
 public:
  explicit LayerNorm(std::int64_t width);
  torch::Tensor forward(torch::Tensor input) override;

 private:
  torch::Tensor weight_, bias_;
};

/// A table of `count` vectors, drawn from a normal distribution of the given deviation.
class Embedding final : public Layer {
 public:
  Embedding(std::int64_t count, std::int64_t width, double deviation, torch::Generator& initial);
  torch::Tensor forward(torch::Tensor indices) override;
  const torch::Tensor& weight() const { return weight_; }

 private:
  torch::Tensor weight_;
};

class ActivationLayer final : public Layer {
 public:
  explicit ActivationLayer(core::Activation activation) : activation_(activation) {}
  torch::Tensor forward(torch::Tensor input) override;

 private:
  core::Activation activation_;
};

class MaxPool2d final : public Layer {
 public:
  torch::Tensor forward(torch::Tensor input) override;
};

/// In training, zeroes each value with probability p and scales the rest by 1 / (1 - p): bit for bit what F::dropout
/// does with a generator in the same state.
class Dropout final : public Layer {
 public:
  Dropout(double p, torch::Generator generator) : p_(p), generator_(std::move(generator)) {}
  torch::Tensor forward(torch::Tensor input) override;

 private:
  double p_;
  torch::Generator generator_;
};

/// Layers one after the other, named "0", "1", ... as nn.Sequential does.
class Sequential final : public Layer {
 public:
  void add(std::shared_ptr<Layer> layer);
  torch::Tensor forward(torch::Tensor input) override;

 private:
  std::vector<std::shared_ptr<Layer>> layers_;
};

}  // namespace cairn::engine
