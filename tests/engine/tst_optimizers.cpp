// The update rules against PyTorch's own numbers.
//
// The references were printed by Python's torch 1.13.1: one parameter, five steps with the gradients of gradientAt(),
// and `p.tolist()` after. They are compared to float32's accuracy: PyTorch's kernels may fuse a product and a sum.
#include <QTest>
#include <cmath>

#include "core/error.h"
#include "engine/optim/optimizer.h"
#include "engine/tensor_bridge.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::engine;

namespace {

torch::Tensor startValues() { return torch::tensor({0.5f, -1.25f, 2.0f, 0.125f}).requires_grad_(true); }

torch::Tensor gradientAt(int step) {
  auto gradient = torch::empty({4});
  for (int i = 0; i < 4; ++i) gradient[i] = static_cast<float>((i * 7 + step * 3) % 11 - 5) / 4;
  return gradient;
}

void train(Optimizer& optimizer, int from, int to, double lr) {
  for (int step = from; step <= to; ++step) {
    auto parameter = optimizer.parameters().front();
    parameter.mutable_grad() = gradientAt(step);
    optimizer.step(lr);
  }
}

core::StateTree stateOf(const Optimizer& optimizer, double lr) {
  return optimizer.stateDict(lr, {}, [](const torch::Tensor& tensor) { return toCore(tensor); });
}

struct Case {
  const char* name;
  core::OptimizerSpec spec;
  std::vector<float> after;
};

std::vector<Case> cases() {
  using namespace core;
  return {
      {"SGD", SGDOptions{.lr = 0.1}, {0.55000001f, -1.25f, 1.95f, 0.30000001f}},
      {"SGD with momentum and dampening",
       SGDOptions{.lr = 0.1, .momentum = 0.9, .weightDecay = 0.01, .dampening = 0.25},
       {0.59248394f, -1.5667219f, 1.8199519f, 0.49308693f}},
      {"SGD with Nesterov",
       SGDOptions{.lr = 0.1, .momentum = 0.9, .weightDecay = 0.02, .nesterov = true},
       {0.58875716f, -1.4465845f, 1.7267634f, 0.64360464f}},
      {"Adam", AdamOptions{.lr = 0.05}, {0.55406374f, -1.331679f, 1.9003044f, 0.24814294f}},
      {"Adam with amsgrad",
       AdamOptions{.lr = 0.05, .betas = {0.8, 0.9}, .weightDecay = 0.1, .amsgrad = true},
       {0.53411937f, -1.2946061f, 1.8680692f, 0.23836705f}},
      {"AdamW", AdamWOptions{.lr = 0.05, .weightDecay = 0.1}, {0.54069984f, -1.299437f, 1.8524615f, 0.24349986f}},
      {"AdamW with amsgrad",
       AdamWOptions{.lr = 0.05, .betas = {0.8, 0.9}, .eps = 1e-3, .weightDecay = 0.1, .amsgrad = true},
       {0.53724682f, -1.2904526f, 1.8590574f, 0.23787571f}},
  };
}

}  // namespace

class TestOptimizers : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void fiveStepsAreAsPyTorchs();
  void theLoopAndTheTensorsAgree();
  void stateGoesOnWhereItWas();
  void stateHasPyTorchsKeys();
  void stepIsTakenAsIntOrTensor();
  void anotherOptimizersStateIsRefused();
};

void TestOptimizers::fiveStepsAreAsPyTorchs() {
  for (const auto& one : cases()) {
    const auto optimizer = makeOptimizer(one.spec, {startValues()});
    train(*optimizer, 1, 5, core::learningRate(one.spec));
    const auto& parameter = optimizer->parameters().front();
    for (std::int64_t i = 0; i < 4; ++i)
      QVERIFY2(std::abs(parameter[i].item<float>() - one.after[static_cast<std::size_t>(i)]) < 3e-7, one.name);
  }
}

/// A parameter that is not contiguous takes the way of the GPU: tensor operations.
void TestOptimizers::theLoopAndTheTensorsAgree() {
  for (const auto& one : cases()) {
    auto strided = torch::empty({4, 2}).select(1, 0);
    strided.copy_(startValues().detach());
    const auto optimizer = makeOptimizer(one.spec, {strided.requires_grad_(true)});
    train(*optimizer, 1, 5, core::learningRate(one.spec));
    for (std::int64_t i = 0; i < 4; ++i)
      QVERIFY2(std::abs(strided[i].item<float>() - one.after[static_cast<std::size_t>(i)]) < 3e-7, one.name);
  }
}

void TestOptimizers::stateGoesOnWhereItWas() {
  for (const auto& one : cases()) {
    const double lr = core::learningRate(one.spec);
    const auto whole = makeOptimizer(one.spec, {startValues()});
    train(*whole, 1, 2, lr);
    const auto saved = stateOf(*whole, lr);
    const auto resumed = makeOptimizer(one.spec, {whole->parameters().front().detach().clone().requires_grad_(true)});
    resumed->loadStateDict(saved);
    train(*whole, 3, 5, lr);
    train(*resumed, 3, 5, lr);
    QVERIFY2(torch::equal(whole->parameters().front(), resumed->parameters().front()), one.name);
    QVERIFY2(core::sameState(stateOf(*whole, lr), stateOf(*resumed, lr)), one.name);
  }
}

void TestOptimizers::stateHasPyTorchsKeys() {
  const auto adam = makeOptimizer(core::AdamOptions{.amsgrad = true}, {startValues()});
  train(*adam, 1, 3, 0.001);
  const auto saved = stateOf(*adam, 0.001);
  const auto* state = saved.at("state").find(0);
  QVERIFY(state);
  QCOMPARE(state->tensor("step").dtype, core::DType::Float32);
  QVERIFY(state->tensor("step").shape.empty());
  QCOMPARE(state->number("step"), 3.0);
  for (const char* key : {"exp_avg", "exp_avg_sq", "max_exp_avg_sq"}) QCOMPARE(state->tensor(key).numel(), 4);
  const auto& group = saved.at("param_groups").as<core::StateTree::List>()->front();
  for (const char* key :
       {"lr", "betas", "eps", "weight_decay", "amsgrad", "maximize", "foreach", "capturable", "params"})
    QVERIFY2(group.find(key), key);
  QVERIFY(group.at("betas").as<core::StateTree::Tuple>());

  const auto sgd = makeOptimizer(core::SGDOptions{.momentum = 0.9}, {startValues()});
  QVERIFY(stateOf(*sgd, 0.1).at("state").as<core::StateTree::Dict>()->items.empty());
  train(*sgd, 1, 1, 0.1);
  const auto after = stateOf(*sgd, 0.1);
  QCOMPARE(after.at("state").find(0)->tensor("momentum_buffer").numel(), 4);
}

void TestOptimizers::stepIsTakenAsIntOrTensor() {
  const auto first = makeOptimizer(core::AdamOptions{}, {startValues()});
  train(*first, 1, 2, 0.001);
  auto saved = stateOf(*first, 0.001);
  auto entry = *saved.at("state").find(0);
  entry.set("step", 2);
  saved.find("state")->set(0, entry);
  const auto second =
      makeOptimizer(core::AdamOptions{}, {first->parameters().front().detach().clone().requires_grad_(true)});
  second->loadStateDict(saved);
  train(*first, 3, 3, 0.001);
  train(*second, 3, 3, 0.001);
  QVERIFY(torch::equal(first->parameters().front(), second->parameters().front()));
}

void TestOptimizers::anotherOptimizersStateIsRefused() {
  const auto sgd = makeOptimizer(core::SGDOptions{.momentum = 0.9}, {startValues()});
  train(*sgd, 1, 1, 0.1);
  const auto adam = makeOptimizer(core::AdamOptions{}, {startValues()});
  QVERIFY_THROWS_EXCEPTION(Error, adam->loadStateDict(stateOf(*sgd, 0.1)));
  const auto other = makeOptimizer(core::SGDOptions{.momentum = 0.9}, {torch::zeros({2, 2}).requires_grad_(true)});
  QVERIFY_THROWS_EXCEPTION(Error, other->loadStateDict(stateOf(*sgd, 0.1)));
}

CAIRN_TEST(TestOptimizers, optimizers)
#include "tst_optimizers.moc"
