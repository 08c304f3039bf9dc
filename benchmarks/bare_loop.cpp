// The peer of row 1: a training loop in plain LibTorch that computes and reads back the series that Cairn logs, and
// evaluates after each epoch. Prints its steps a second.
// Usage: bench_bare_loop SPEC.json THREADS WARMUP_SECONDS SECONDS [--loss-only]
//        bench_bare_loop SPEC.json --export FILE.pt (the samples as tensors, for the peers in Python)
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>

#include "bare_models.h"
#include "engine/data/batch.h"
#include "support/measured.h"

using namespace cairn;
using torch::Tensor;

namespace {

struct Net {
  std::function<Tensor(const Tensor&)> forward;
  std::shared_ptr<torch::nn::Module> module;
};

Net netOf(const core::RunSpec& spec, const engine::DataShape& shape) {
  if (const auto* transformer = std::get_if<core::TransformerModel>(&spec.model)) {
    auto made = std::make_shared<bench::BareTransformer>(*transformer, shape.blockSize);
    return {[made](const Tensor& x) { return made->forward(x); }, made};
  }
  auto made = std::make_shared<bench::BareStack>(spec, shape);
  return {[made](const Tensor& x) { return made->forward(x); }, made};
}

/// All samples as tensors: inputs and targets by sample number.
struct Samples {
  Tensor inputs, targets;
};

Samples samplesOf(const engine::Dataset& data, std::span<const std::int64_t> numbers) {
  const auto n = static_cast<std::int64_t>(numbers.size());
  if (data.shape.blockSize > 0) {
    Samples made{torch::empty({n, data.shape.blockSize}, torch::kLong),
                 torch::empty({n, data.shape.blockSize}, torch::kLong)};
    engine::gatherBlocks(data, numbers, {made.inputs.data_ptr<std::int64_t>(), std::size_t(made.inputs.numel())},
                         {made.targets.data_ptr<std::int64_t>(), std::size_t(made.targets.numel())});
    return made;
  }
  const bool images = data.shape.channels > 0;
  Samples made{images ? torch::empty({n, data.shape.channels, data.shape.height, data.shape.width})
                      : torch::empty({n, data.shape.inputs}),
               torch::empty({n}, torch::kLong)};
  engine::gatherInputs(data, numbers, {made.inputs.data_ptr<float>(), std::size_t(made.inputs.numel())});
  engine::gatherLabels(data, numbers, {made.targets.data_ptr<std::int64_t>(), std::size_t(n)});
  return made;
}

Tensor lossOf(const Tensor& logits, const Tensor& target) {
  return torch::nn::functional::cross_entropy(logits.flatten(0, -2), target.flatten());
}

struct Series {
  std::vector<double> loss, accuracy, lr, norm, seconds, valLoss, valAccuracy;
};

class Loop {
 public:
  Loop(const core::RunSpec& spec, bool lossOnly)
      : batch_(spec.training.batchSize),
        lossOnly_(lossOnly),
        data_(engine::loadDataset(spec.data, spec.training.seed, {})) {
    training_ = samplesOf(data_, data_.training);
    validation_ = samplesOf(data_, data_.validation);
    net_ = netOf(spec, data_.shape);
    const auto& adam = std::get<core::AdamWOptions>(spec.optimizer);
    optimizer_ = std::make_unique<torch::optim::AdamW>(
        net_.module->parameters(), torch::optim::AdamWOptions(adam.lr).weight_decay(adam.weightDecay));
  }

  /// Steps for so long; how many there were a second.
  double run(double seconds) {
    const auto begin = bench::Clock::now();
    std::int64_t steps = 0;
    while (bench::secondsSince(begin) < seconds) step(), ++steps;
    return static_cast<double>(steps) / bench::secondsSince(begin);
  }

 private:
  void step() {
    const auto begin = bench::Clock::now();
    const auto samples = training_.targets.size(0);
    if (!order_.defined() || cursor_ >= samples) beginEpoch();
    const auto picked = order_.slice(0, cursor_, std::min(cursor_ + batch_, samples));
    cursor_ += batch_;
    const auto target = training_.targets.index_select(0, picked);
    optimizer_->zero_grad();
    const auto logits = net_.forward(training_.inputs.index_select(0, picked));
    const auto loss = lossOf(logits, target);
    loss.backward();
    if (!lossOnly_) readBack(logits, target);
    optimizer_->step();
    series_.loss.push_back(loss.item<double>());
    series_.seconds.push_back(bench::secondsSince(begin));
  }

  void readBack(const Tensor& logits, const Tensor& target) {
    series_.accuracy.push_back(logits.argmax(-1).eq(target).to(torch::kFloat).mean().item<double>());
    series_.lr.push_back(static_cast<torch::optim::AdamWOptions&>(optimizer_->param_groups()[0].options()).lr());
    std::vector<Tensor> norms;
    for (const auto& parameter : net_.module->parameters()) norms.push_back(parameter.grad().norm());
    series_.norm.push_back(torch::stack(norms).norm().item<double>());
  }

  void beginEpoch() {
    if (order_.defined() && validation_.targets.size(0) > 0) evaluate();
    order_ = torch::randperm(training_.targets.size(0));
    cursor_ = 0;
  }

  void evaluate() {
    const torch::NoGradGuard noGrad;
    net_.module->eval();
    constexpr std::int64_t kBatch = 1024;
    double loss = 0, right = 0;
    const auto samples = validation_.targets.size(0);
    for (std::int64_t at = 0; at < samples; at += kBatch) {
      const auto end = std::min(at + kBatch, samples);
      const auto target = validation_.targets.slice(0, at, end);
      const auto logits = net_.forward(validation_.inputs.slice(0, at, end));
      loss += lossOf(logits, target).item<double>() * static_cast<double>(end - at);
      right += logits.argmax(-1).eq(target).to(torch::kFloat).mean().item<double>() * static_cast<double>(end - at);
    }
    series_.valLoss.push_back(loss / static_cast<double>(samples));
    series_.valAccuracy.push_back(right / static_cast<double>(samples));
    net_.module->train();
  }

  std::int64_t batch_, cursor_ = 0;
  bool lossOnly_;
  engine::Dataset data_;
  Samples training_, validation_;
  Net net_;
  std::unique_ptr<torch::optim::AdamW> optimizer_;
  Tensor order_;
  Series series_;
};

}  // namespace

int exportSamples(const core::RunSpec& spec, const char* file) {
  const auto data = engine::loadDataset(spec.data, spec.training.seed, {});
  const auto training = samplesOf(data, data.training), validation = samplesOf(data, data.validation);
  c10::Dict<std::string, Tensor> all;
  all.insert("train_x", training.inputs);
  all.insert("train_y", training.targets);
  all.insert("val_x", validation.inputs);
  all.insert("val_y", validation.targets);
  all.insert("outputs", torch::tensor(data.shape.outputs));
  const auto bytes = torch::pickle_save(all);
  return std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size())) ? 0 : 1;
}

int main(int argc, char** argv) {
  if (argc == 4 && std::strcmp(argv[2], "--export") == 0) return exportSamples(core::readRunSpec(argv[1]), argv[3]);
  if (argc < 5) return std::fprintf(stderr, "see the head of bare_loop.cpp for the usage\n"), 2;
  at::set_num_threads(std::atoi(argv[2]));
  torch::manual_seed(1);
  Loop loop(core::readRunSpec(argv[1]), argc > 5 && std::strcmp(argv[5], "--loss-only") == 0);
  loop.run(std::atof(argv[3]));
  const double speed = loop.run(std::atof(argv[4]));
  bench::print({{"steps_per_second", speed}, {"most_memory", bench::memoryBytes("VmHWM")}});
  return 0;
}
