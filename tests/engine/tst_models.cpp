#include <QtTest>

#include "core/error.h"
#include "data_files.h"
#include "engine/models/model.h"
#include "engine/models/plan.h"
#include "engine/models/state_dict.h"
#include "engine/torch_compat.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::engine;
using namespace cairn::tests;

namespace {

constexpr DataShape kTable{.inputs = 5, .outputs = 3};
constexpr DataShape kImages{.channels = 1, .height = 8, .width = 8, .outputs = 10};
constexpr DataShape kText{.inputs = 256, .outputs = 256, .blockSize = 6};

std::shared_ptr<Model> build(const core::ModelSpec& spec, const DataShape& shape, std::uint64_t seed = 1) {
  return buildModel(spec, shape, cpuGenerator(seed), cpuGenerator(seed + 1), torch::kCPU);
}

std::vector<std::string> namesOf(const torch::nn::Module& module) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : stateEntries(module)) names.push_back(name);
  return names;
}

std::int64_t parametersOf(const Model& model) {
  std::int64_t count = 0;
  for (const auto& parameter : model.parameters()) count += parameter.numel();
  return count;
}

torch::Tensor imagesInput() { return torch::arange(3 * 64, torch::kFloat32).view({3, 1, 8, 8}) / 100; }
torch::Tensor textInput() { return torch::arange(12, torch::kInt64).view({2, 6}) * 20; }

/// Each type with dropout and whatever else draws random numbers.
std::vector<std::tuple<core::ModelSpec, DataShape, torch::Tensor>> everyType() {
  return {{core::MlpModel{{7, 4}, core::Activation::Tanh, 0.3}, kTable, torch::ones({4, 5})},
          {core::CnnModel{{4, 6}, 12, true, core::Activation::ReLU, 0.3}, kImages, imagesInput()},
          {core::TransformerModel{2, 2, 8, 0.3}, kText, textInput()}};
}

std::string defaultState() {
  auto generator = at::detail::getDefaultCPUGenerator();
  const std::lock_guard lock(generator.mutex());
  const auto state = generator.get_state();
  return {static_cast<const char*>(state.data_ptr()), state.nbytes()};
}

}  // namespace

class TestModels : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void namesAndShapesOfMlp() {
    const auto model = build(core::MlpModel{{7, 4}, core::Activation::ReLU, 0.1}, kTable);
    QCOMPARE(namesOf(*model), (std::vector<std::string>{"layers.0.weight", "layers.0.bias", "layers.3.weight",
                                                        "layers.3.bias", "layers.6.weight", "layers.6.bias"}));
    QVERIFY(model->forward(torch::ones({9, 5})).sizes() == at::IntArrayRef({9, 3}));
    const auto linear = build(core::MlpModel{{}, core::Activation::ReLU, 0}, kTable);
    QCOMPARE(namesOf(*linear), (std::vector<std::string>{"layers.0.weight", "layers.0.bias"}));
    const auto ofImages = build(core::MlpModel{}, kImages);
    QVERIFY(ofImages->forward(imagesInput()).sizes() == at::IntArrayRef({3, 10}));
  }

  void namesAndShapesOfCnn() {
    const auto model = build(core::CnnModel{{4, 6}, 12, true, core::Activation::ReLU, 0.1}, kImages);
    QCOMPARE(namesOf(*model),
             (std::vector<std::string>{
                 "features.0.weight", "features.0.bias", "features.1.weight", "features.1.bias",
                 "features.1.running_mean", "features.1.running_var", "features.1.num_batches_tracked",
                 "features.4.weight", "features.4.bias", "features.5.weight", "features.5.bias",
                 "features.5.running_mean", "features.5.running_var", "features.5.num_batches_tracked",
                 "classifier.0.weight", "classifier.0.bias", "classifier.3.weight", "classifier.3.bias"}));
    QVERIFY(model->forward(imagesInput()).sizes() == at::IntArrayRef({3, 10}));
    const auto plain = build(core::CnnModel{{4}, 0, false, core::Activation::ReLU, 0}, kImages);
    QCOMPARE(namesOf(*plain), (std::vector<std::string>{"features.0.weight", "features.0.bias", "classifier.1.weight",
                                                        "classifier.1.bias"}));
  }

  void namesAndShapesOfTransformer() {
    const auto model = build(core::TransformerModel{1, 2, 8, 0.1}, kText);
    QCOMPARE(
        namesOf(*model),
        (std::vector<std::string>{
            "token_embedding.weight", "position_embedding.weight", "blocks.0.norm1.weight", "blocks.0.norm1.bias",
            "blocks.0.attention.qkv.weight", "blocks.0.attention.qkv.bias", "blocks.0.attention.proj.weight",
            "blocks.0.attention.proj.bias", "blocks.0.norm2.weight", "blocks.0.norm2.bias", "blocks.0.mlp.0.weight",
            "blocks.0.mlp.0.bias", "blocks.0.mlp.2.weight", "blocks.0.mlp.2.bias", "norm.weight", "norm.bias"}));
    QVERIFY(model->forward(textInput()).sizes() == at::IntArrayRef({2, 6, 256}));
    QVERIFY(model->forward(textInput().slice(1, 0, 4)).sizes() == at::IntArrayRef({2, 4, 256}));
  }

  void equalSeedsGiveEqualModels() {
    for (const auto& [spec, shape, input] : everyType()) {
      const auto one = build(spec, shape, 5), two = build(spec, shape, 5), other = build(spec, shape, 6);
      bool differs = false;
      const auto a = one->parameters(), b = two->parameters(), c = other->parameters();
      for (std::size_t i = 0; i < a.size(); ++i) {
        QVERIFY(torch::equal(a[i], b[i]));
        differs = differs || !torch::equal(a[i], c[i]);
      }
      QVERIFY(differs);
      QVERIFY(torch::equal(one->forward(input), two->forward(input)));  // dropout draws alike, too
      one->eval();
      QVERIFY(torch::equal(one->forward(input), one->forward(input)));
    }
  }

  void startsAsPyTorchsLayersDo() {
    const auto model = build(core::MlpModel{{7}, core::Activation::ReLU, 0}, kTable, 11);
    torch::manual_seed(11);
    const torch::nn::Linear first(5, 7), second(7, 3);
    const auto own = model->parameters();
    QVERIFY(torch::equal(own[0], first->weight) && torch::equal(own[1], first->bias));
    QVERIFY(torch::equal(own[2], second->weight) && torch::equal(own[3], second->bias));
    const auto cnn = build(core::CnnModel{{4}, 0, false, core::Activation::ReLU, 0}, kImages, 12);
    torch::manual_seed(12);
    const torch::nn::Conv2d convolution(torch::nn::Conv2dOptions(1, 4, 3).padding(1));
    QVERIFY(torch::equal(cnn->parameters()[0], convolution->weight) &&
            torch::equal(cnn->parameters()[1], convolution->bias));
  }

  void leavesTheGlobalGeneratorAlone() {
    const auto before = defaultState();
    for (const auto& [spec, shape, input] : everyType()) {
      const auto model = build(spec, shape);
      model->train();
      model->forward(input).sum().backward();
      model->eval();
      model->forward(input);
    }
    QVERIFY(defaultState() == before);
    const torch::nn::Linear moves(2, 2);  // that the comparison can tell
    QVERIFY(defaultState() != before);
  }

  void dropoutEqualsPyTorchs() {
    // One Linear after a Dropout whose input is known: features off, hidden 0.
    const auto model = build(core::CnnModel{{}, 0, false, core::Activation::ReLU, 0.4}, kImages, 20);
    const auto parameters = model->parameters();
    model->train();
    const auto got = model->forward(imagesInput());
    torch::manual_seed(21);
    const auto dropped = torch::nn::functional::dropout(
        imagesInput().flatten(1), torch::nn::functional::DropoutFuncOptions().p(0.4).training(true));
    QVERIFY(torch::equal(got, torch::linear(dropped, parameters[0], parameters[1])));
    QVERIFY((dropped == 0).any().item<bool>());
  }

  void batchNormKeepsItsBuffers() {
    const auto model = build(core::CnnModel{{4}, 0, true, core::Activation::ReLU, 0}, kImages);
    torch::nn::BatchNorm2d reference(4);
    const auto entries = stateEntries(*model);
    model->train();
    const auto convolved = torch::conv2d(imagesInput(), entries[0].second, entries[1].second, 1, 1);
    model->forward(imagesInput());
    reference->forward(convolved);
    QVERIFY(torch::equal(entries[4].second, reference->running_mean));
    QVERIFY(torch::equal(entries[5].second, reference->running_var));
    QCOMPARE(entries[6].second.item<std::int64_t>(), 1);
    model->eval();
    model->forward(imagesInput());
    QCOMPARE(entries[6].second.item<std::int64_t>(), 1);
  }

  void laterBytesDoNotChangeEarlierLogits() {
    const auto model = build(core::TransformerModel{2, 2, 8, 0}, kText);
    model->eval();
    const auto input = textInput();
    const auto all = model->forward(input);
    auto changed = input.clone();
    changed.slice(1, 4).fill_(99);
    const auto other = model->forward(changed);
    QVERIFY(torch::equal(all.slice(1, 0, 4), other.slice(1, 0, 4)));
    QVERIFY(!torch::allclose(all.slice(1, 4), other.slice(1, 4)));
    QVERIFY(torch::allclose(all.slice(1, 0, 3), model->forward(input.slice(1, 0, 3)), 1e-5, 1e-6));
    auto earlier = input.clone();
    earlier.select(1, 0).fill_(99);
    QVERIFY(!torch::allclose(all.select(1, 5), model->forward(earlier).select(1, 5)));
  }

  void trainsAfterInference() {
    const auto model = build(core::TransformerModel{1, 2, 8, 0}, kText);
    {
      const c10::InferenceMode inference;
      model->forward(textInput());
    }
    model->forward(textInput()).sum().backward();
    QVERIFY(model->parameters().front().grad().defined());
  }

  void headIsTheEmbedding() {
    const auto model = build(core::TransformerModel{1, 2, 8, 0}, kText);
    model->forward(textInput()).slice(2, 250, 251).sum().backward();  // byte 250 is not in the input
    QVERIFY(model->parameters().front().grad()[250].abs().sum().item<double>() > 0);
  }

  void plansMatchModels() {
    std::vector<std::pair<core::ModelSpec, DataShape>> cases;
    for (const auto& [spec, shape, input] : everyType()) cases.emplace_back(spec, shape);
    cases.emplace_back(core::MlpModel{{}, core::Activation::ReLU, 0}, kTable);
    cases.emplace_back(core::MlpModel{}, kImages);
    cases.emplace_back(core::CnnModel{{3}, 0, false, core::Activation::ReLU, 0}, kImages);
    cases.emplace_back(core::TransformerModel{3, 4, 16, 0}, kText);
    for (const auto& [spec, shape] : cases) {
      const auto plan = planModel(spec, shape);
      const auto model = build(spec, shape);
      QCOMPARE(plan.parameters, parametersOf(*model));
      std::int64_t buffers = 0, listed = 0;
      for (const auto& buffer : model->buffers()) buffers += buffer.numel();
      for (const auto& layer : model->summary()) listed += layer.parameters;
      QCOMPARE(plan.buffers, buffers);
      QCOMPARE(listed, plan.parameters);
    }
  }

  void summaryTellsTypesAndShapes() {
    const auto layers = build(core::CnnModel{{4}, 0, true, core::Activation::GELU, 0.5}, kImages)->summary();
    QCOMPARE(layers.size(), std::size_t{6});
    QCOMPARE(layers[0].type, std::string("Conv2d(1, 4, kernel_size=3, padding=1)"));
    QCOMPARE(layers[0].outputShape, std::string("N x 4 x 8 x 8"));
    QCOMPARE(layers[3].outputShape, std::string("N x 4 x 4 x 4"));
    QCOMPARE(layers[4].name, std::string("classifier.0"));
    QCOMPARE(layers[5].type, std::string("Linear(64, 10)"));
    QCOMPARE(layers[5].parameters, 650);
  }

  void refusesWhatCannotBe() {
    CAIRN_CONTAINS(messageOf([] {
                     planModel(core::CnnModel{{2, 2, 2, 2}, 0, false, core::Activation::ReLU, 0}, kImages);
                   }),
                   "too small for 4 stages");
    CAIRN_CONTAINS(messageOf([] { planModel(core::CnnModel{}, kTable); }), "use \"MLP\"");
    CAIRN_CONTAINS(messageOf([] { planModel(core::MlpModel{}, kText); }), "does not take text");
    CAIRN_CONTAINS(messageOf([] { planModel(core::TransformerModel{}, kTable); }), "takes text");
    CAIRN_CONTAINS(messageOf([] { planModel(core::TransformerModel{1, 3, 8, 0}, kText); }), "model.width");
    constexpr std::int64_t kVast = std::int64_t{1} << 40;
    for (const core::ModelSpec& spec : {core::ModelSpec(core::MlpModel{{kVast, kVast}, core::Activation::ReLU, 0})})
      CAIRN_CONTAINS(messageOf([&] { build(spec, kTable); }), "would take more than can be counted");
    CAIRN_CONTAINS(messageOf([] { planModel(core::TransformerModel{2, 1, kVast, 0}, kText); }), "would take");
    CAIRN_CONTAINS(messageOf([] {
                     planModel(core::CnnModel{{kVast}, kVast, false, core::Activation::ReLU, 0}, kImages);
                   }),
                   "would take");
    CAIRN_CONTAINS(messageOf([] { planModel(core::TransformerModel{kVast, 1, 8, 0}, kText); }), "model.layers");
  }
};

CAIRN_TEST(TestModels, models)
#include "tst_models.moc"
