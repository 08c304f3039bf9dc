#include "engine/models/layers.h"

#include <cmath>
#include <string>

namespace cairn::engine {

namespace {

torch::Tensor uniform(at::IntArrayRef shape, double bound, torch::Generator& initial) {
  auto values = torch::empty(shape);
  return initial.defined() ? values.uniform_(-bound, bound, initial) : values;
}

/// Kaiming uniform with a = sqrt(5), in the steps of LibTorch's init.cpp so that the last bits agree
/// (He et al., "Delving deep into rectifiers", 2015).
torch::Tensor kaimingUniform(at::IntArrayRef shape, std::int64_t fanIn, torch::Generator& initial) {
  const double slope = std::sqrt(5.0);
  const double gain = std::sqrt(2.0 / (1.0 + slope * slope));
  const double bound = std::sqrt(3.0) * (gain / std::sqrt(static_cast<double>(fanIn)));
  return uniform(shape, bound, initial);
}

torch::Tensor uniformBias(std::int64_t size, std::int64_t fanIn, torch::Generator& initial) {
  return uniform({size}, 1.0 / std::sqrt(static_cast<double>(fanIn)), initial);
}

}  // namespace

Linear::Linear(std::int64_t in, std::int64_t out, torch::Generator& initial) {
  weight_ = register_parameter("weight", kaimingUniform({out, in}, in, initial));
  bias_ = register_parameter("bias", uniformBias(out, in, initial));
}

torch::Tensor Linear::forward(torch::Tensor input) { return torch::linear(input, weight_, bias_); }

Conv2d::Conv2d(std::int64_t in, std::int64_t out, torch::Generator& initial) {
  weight_ = register_parameter("weight", kaimingUniform({out, in, 3, 3}, in * 9, initial));
  bias_ = register_parameter("bias", uniformBias(out, in * 9, initial));
}

torch::Tensor Conv2d::forward(torch::Tensor input) {
  return torch::conv2d(input, weight_, bias_, /*stride=*/1, /*padding=*/1);
}

BatchNorm2d::BatchNorm2d(std::int64_t channels) {
  weight_ = register_parameter("weight", torch::ones({channels}));
  bias_ = register_parameter("bias", torch::zeros({channels}));
  runningMean_ = register_buffer("running_mean", torch::zeros({channels}));
  runningVar_ = register_buffer("running_var", torch::ones({channels}));
  batches_ = register_buffer("num_batches_tracked", torch::zeros({}, torch::kInt64));
}

torch::Tensor BatchNorm2d::forward(torch::Tensor input) {
  constexpr double kMomentum = 0.1, kEps = 1e-5;
  if (is_training()) batches_.add_(1);
  const double momentum = inMean_ >= 0 ? 1.0 / static_cast<double>(++inMean_) : kMomentum;
  return torch::batch_norm(input, weight_, bias_, runningMean_, runningVar_, is_training(), momentum, kEps,
                           at::globalContext().userEnabledCuDNN());
}

void BatchNorm2d::beginMean() {
  runningMean_.zero_();
  runningVar_.fill_(1);
  batches_.zero_();
  inMean_ = 0;
  train();
}

void BatchNorm2d::endMean() {
  inMean_ = -1;
  eval();
}

LayerNorm::LayerNorm(std::int64_t width) {
  weight_ = register_parameter("weight", torch::ones({width}));
  bias_ = register_parameter("bias", torch::zeros({width}));
}

torch::Tensor LayerNorm::forward(torch::Tensor input) {
  return torch::layer_norm(input, {weight_.size(0)}, weight_, bias_, /*eps=*/1e-5);
}

Embedding::Embedding(std::int64_t count, std::int64_t width, double deviation, torch::Generator& initial) {
  auto values = torch::empty({count, width});
  weight_ = register_parameter("weight", initial.defined() ? values.normal_(0.0, deviation, initial) : values);
}

torch::Tensor Embedding::forward(torch::Tensor indices) { return torch::embedding(weight_, indices); }

torch::Tensor ActivationLayer::forward(torch::Tensor input) {
  switch (activation_) {
    case core::Activation::ReLU: return torch::relu(input);
    case core::Activation::LeakyReLU: return torch::leaky_relu(input);
    case core::Activation::GELU: return torch::gelu(input);
    case core::Activation::SiLU: return torch::silu(input);
    case core::Activation::Tanh: return torch::tanh(input);
    case core::Activation::Sigmoid: return torch::sigmoid(input);
    case core::Activation::ELU: return torch::elu(input);
  }
  return input;
}

torch::Tensor MaxPool2d::forward(torch::Tensor input) { return torch::max_pool2d(input, /*kernel_size=*/2); }

torch::Tensor Dropout::forward(torch::Tensor input) {
  if (p_ == 0 || !is_training()) return input;
  return input * torch::empty_like(input).bernoulli_(1 - p_, generator_).div_(1 - p_);
}

void Sequential::add(std::shared_ptr<Layer> layer) {
  layers_.push_back(register_module(std::to_string(layers_.size()), std::move(layer)));
}

torch::Tensor Sequential::forward(torch::Tensor input) {
  for (const auto& layer : layers_) input = layer->forward(input);
  return input;
}

}  // namespace cairn::engine
