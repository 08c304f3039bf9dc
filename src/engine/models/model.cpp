#include "engine/models/model.h"

#include "engine/models/layers.h"
#include "engine/models/plan.h"
#include "engine/models/transformer.h"

namespace cairn::engine {

namespace {

/// What making a model takes.
struct Making {
  ModelPlan plan;
  DataShape shape;
  torch::Generator initial, dropout;
};

class Mlp final : public Model {
 public:
  Mlp(const core::MlpModel& spec, Making& with) : summary_(std::move(with.plan.layers)) {
    const auto& shape = with.shape;
    std::int64_t in = shape.channels > 0 ? shape.channels * shape.height * shape.width : shape.inputs;
    for (const auto hidden : spec.hidden) {
      layers_->add(std::make_shared<Linear>(in, hidden, with.initial));
      layers_->add(std::make_shared<ActivationLayer>(spec.activation));
      layers_->add(std::make_shared<Dropout>(spec.dropout, with.dropout));
      in = hidden;
    }
    layers_->add(std::make_shared<Linear>(in, shape.outputs, with.initial));
    register_module("layers", layers_);
  }

  torch::Tensor forward(torch::Tensor input) override {
    return layers_->forward(input.dim() > 2 ? input.flatten(1) : input);
  }
  std::vector<LayerSummary> summary() const override { return summary_; }

 private:
  std::shared_ptr<Sequential> layers_ = std::make_shared<Sequential>();
  std::vector<LayerSummary> summary_;
};

class Cnn final : public Model {
 public:
  Cnn(const core::CnnModel& spec, Making& with) : summary_(std::move(with.plan.layers)) {
    std::int64_t in = with.shape.channels;
    for (const auto out : spec.channels) {
      features_->add(std::make_shared<Conv2d>(in, out, with.initial));
      if (spec.batchNorm) features_->add(std::make_shared<BatchNorm2d>(out));
      features_->add(std::make_shared<ActivationLayer>(spec.activation));
      features_->add(std::make_shared<MaxPool2d>());
      in = out;
    }
    register_module("features", features_);
    makeClassifier(spec, with);
  }

  torch::Tensor forward(torch::Tensor input) override {
    return classifier_->forward(features_->forward(std::move(input)).flatten(1));
  }
  std::vector<LayerSummary> summary() const override { return summary_; }

 private:
  void makeClassifier(const core::CnnModel& spec, Making& with) {
    std::int64_t in = with.plan.flattened;
    if (spec.hidden > 0) {
      classifier_->add(std::make_shared<Linear>(in, spec.hidden, with.initial));
      classifier_->add(std::make_shared<ActivationLayer>(spec.activation));
      in = spec.hidden;
    }
    classifier_->add(std::make_shared<Dropout>(spec.dropout, with.dropout));
    classifier_->add(std::make_shared<Linear>(in, with.shape.outputs, with.initial));
    register_module("classifier", classifier_);
  }

  std::shared_ptr<Sequential> features_ = std::make_shared<Sequential>();
  std::shared_ptr<Sequential> classifier_ = std::make_shared<Sequential>();
  std::vector<LayerSummary> summary_;
};

std::shared_ptr<Model> make(const core::MlpModel& spec, Making& with) { return std::make_shared<Mlp>(spec, with); }
std::shared_ptr<Model> make(const core::CnnModel& spec, Making& with) { return std::make_shared<Cnn>(spec, with); }
std::shared_ptr<Model> make(const core::TransformerModel& spec, Making& with) {
  return std::make_shared<Transformer>(spec, with.shape.blockSize, std::move(with.plan.layers), with.initial,
                                       with.dropout);
}

}  // namespace

std::shared_ptr<Model> buildModel(const core::ModelSpec& spec, const DataShape& shape, torch::Generator initial,
                                  torch::Generator generator, torch::Device device) {
  Making with{planModel(spec, shape), shape, std::move(initial), std::move(generator)};
  auto model = std::visit([&](const auto& its) { return make(its, with); }, spec);
  model->to(device);
  return model;
}

}  // namespace cairn::engine
