#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "data_files.h"
#include "engine/checkpoint_keys.h"
#include "engine/data/batch.h"
#include "engine/data/dataset.h"
#include "engine/models/model.h"
#include "engine/models/state_dict.h"
#include "engine/predict/predictor.h"
#include "engine/tensor_bridge.h"
#include "engine/torch_compat.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::engine;
using namespace cairn::tests;

namespace {

core::StateTree listOf(const auto& items) {
  core::StateTree::List list;
  for (const auto& item : items) list.emplace_back(item);
  return list;
}

/// A checkpoint as the loop writes one, of a model as it starts.
struct Trained {
  core::RunSpec spec;
  Dataset data;
  std::shared_ptr<Model> model;
  core::StateTree tree = core::StateTree::dict();

  explicit Trained(const nlohmann::json& json)
      : spec(core::parseRunSpec(json, "/")), data(loadDataset(spec.data, 3, {})) {
    model = buildModel(spec.model, data.shape, cpuGenerator(9), cpuGenerator(10), torch::kCPU);
    model->eval();
    auto state = core::StateTree::stateDict();
    for (const auto& [name, tensor] : stateEntries(*model)) state.set(name, toCore(tensor));
    tree.set(keys::kModel, std::move(state));
    tree.set(keys::kCairn, cairn());
  }

  core::StateTree cairn() const {
    auto dict = core::StateTree::dict();
    dict.set(keys::kSpec, core::toJson(spec).dump());
    dict.set(keys::kFeatures, listOf(data.features));
    dict.set(keys::kTargets, listOf(data.targetNames));
    dict.set(keys::kClasses, listOf(data.classes));
    auto normalization = core::StateTree::dict();
    normalization.set(keys::kMean, listOf(data.normalization.mean));
    normalization.set(keys::kStd, listOf(data.normalization.std));
    dict.set(keys::kNormalization, std::move(normalization));
    auto shape = core::StateTree::dict();
    shape.set(keys::kInputs, data.shape.inputs);
    shape.set(keys::kChannels, data.shape.channels);
    shape.set(keys::kHeight, data.shape.height);
    shape.set(keys::kWidth, data.shape.width);
    shape.set(keys::kOutputs, data.shape.outputs);
    shape.set(keys::kBlockSize, data.shape.blockSize);
    dict.set(keys::kDataShape, std::move(shape));
    return dict;
  }
};

std::string example(const std::string& name) { return CAIRN_SOURCE_DIR "/resources/examples/" + name; }

nlohmann::json irisSpec() {
  return {
      {"data", {{"format", "csv"}, {"path", example("iris.csv")}, {"target", "species"}, {"task", "classification"}}},
      {"model", {{"type", "MLP"}, {"hidden", {8}}}},
      {"loss", "CrossEntropyLoss"}};
}

nlohmann::json textSpec() {
  return {{"data", {{"format", "text"}, {"path", example("sonnets.txt")}, {"block_size", 16}}},
          {"model", {{"type", "Transformer"}, {"layers", 1}, {"heads", 2}, {"width", 16}}},
          {"loss", "CrossEntropyLoss"}};
}

}  // namespace

class TestPredictor : public QObject {
  Q_OBJECT

  DataFiles files_;

 private Q_SLOTS:
  void predictsAsTheModelDoes() {
    Trained trained(irisSpec());
    const auto predictor = makePredictor(trained.tree);
    QCOMPARE(predictor->features(),
             (std::vector<std::string>{"sepal_length", "sepal_width", "petal_length", "petal_width"}));
    QCOMPARE(predictor->classes(), (std::vector<std::string>{"setosa", "versicolor", "virginica"}));
    const auto predictions = predictor->predictFile(example("iris.csv"), {});
    QCOMPARE(predictions.size(), std::size_t{150});
    std::vector<std::int64_t> all(150);
    std::iota(all.begin(), all.end(), 0);
    auto input = torch::empty({150, 4});
    gatherInputs(trained.data, all, {input.data_ptr<float>(), 600});
    const torch::NoGradGuard noGrad;
    const auto expected = trained.model->forward(input).to(torch::kFloat64).softmax(1);
    for (int n = 0; n < 150; ++n) {
      const auto& prediction = predictions[static_cast<std::size_t>(n)];
      for (int c = 0; c < 3; ++c)
        QCOMPARE(prediction.probabilities[static_cast<std::size_t>(c)], expected[n][c].item<double>());
      QCOMPARE(prediction.outputs.front(),
               trained.data.classes[static_cast<std::size_t>(expected[n].argmax().item<std::int64_t>())]);
    }
    const auto row = predictor->predictRow({5.1, 3.5, 1.4, 0.2});  // the file's first
    QVERIFY(std::abs(row.probabilities[0] - predictions[0].probabilities[0]) < 1e-6);
  }

  void findsColumnsByName() {
    Trained trained(irisSpec());
    const auto predictor = makePredictor(trained.tree);
    const auto path = files_.write(
        "new.csv", "petal_width,id,petal_length,sepal_width,sepal_length,species\n0.2,a,1.4,3.5,5.1,setosa\n");
    const auto predictions = predictor->predictFile(path, {});
    QCOMPARE(predictions.size(), std::size_t{1});
    QVERIFY(std::abs(predictions[0].probabilities[1] - predictor->predictRow({5.1, 3.5, 1.4, 0.2}).probabilities[1]) <
            1e-6);
    const auto lacking = files_.write("lacking.csv", "sepal_length,sepal_width,petal_length\n1,2,3\n");
    CAIRN_CONTAINS(messageOf([&] { predictor->predictFile(lacking, {}); }), "has no column \"petal_width\"");
    CAIRN_CONTAINS(messageOf([&] { predictor->predictRow({1, 2}); }), "has 2 values where the model takes 4");
    CAIRN_CONTAINS(messageOf([&] { predictor->continueText("a", 3, 0, 0, {}); }), "was trained on csv data");
  }

  void predictsValues() {
    Trained trained({{"data",
                      {{"format", "csv"},
                       {"path", files_.write("line.csv", "x,y,z\n0,0,1\n1,2,3\n2,4,5\n")},
                       {"target", {"y", "z"}},
                       {"task", "regression"}}},
                     {"model", {{"type", "MLP"}, {"hidden", nlohmann::json::array()}}},
                     {"loss", "MSELoss"}});
    const auto prediction = makePredictor(trained.tree)->predictRow({2});
    QCOMPARE(prediction.outputs.size(), std::size_t{2});
    QVERIFY(prediction.probabilities.empty());
    const torch::NoGradGuard noGrad;
    const auto scaled = static_cast<float>(1 / trained.data.normalization.std[0]);
    const auto expected = trained.model->forward(torch::full({1, 1}, scaled));
    QCOMPARE(std::stof(prediction.outputs[1]), expected[0][1].item<float>());
  }

  void predictsImages() {
    std::string pixels(4 * 8 * 8, '\0');
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<char>(i * 37);
    const auto images = files_.write("images", idxBytes({4, 8, 8}, pixels));
    Trained trained({{"data",
                      {{"format", "idx"},
                       {"images", images},
                       {"labels", files_.write("labels", idxBytes({4}, std::string("\0\1\2\3", 4)))}}},
                     {"model", {{"type", "CNN"}, {"channels", {2}}, {"hidden", 4}}},
                     {"loss", "CrossEntropyLoss"}});
    const auto predictor = makePredictor(trained.tree);
    const auto predictions = predictor->predictFile(images, {});
    QCOMPARE(predictions.size(), std::size_t{4});
    const auto first = predictor->predictImage({pixels.begin() + 64, pixels.begin() + 128});
    QVERIFY(std::abs(first.probabilities[3] - predictions[1].probabilities[3]) < 1e-6);
    QCOMPARE(predictor->imageSize(), (std::pair<int, int>{8, 8}));
    const auto other = files_.write("other", idxBytes({1, 2, 2}, "abcd"));
    CAIRN_CONTAINS(messageOf([&] { predictor->predictFile(other, {}); }),
                   "its images are 2 x 2, and the model takes 8 x 8");
  }

  void continuesText() {
    Trained trained(textSpec());
    const auto predictor = makePredictor(trained.tree);
    const auto text = predictor->continueText("Shall I compare thee to a ", 40, 0.8, 5, {});
    QCOMPARE(text.size(), std::size_t{40});
    QCOMPARE(predictor->continueText("Shall I compare thee to a ", 40, 0.8, 5, {}), text);
    QVERIFY(predictor->continueText("Shall I compare thee to a ", 40, 0.8, 6, {}) != text);
    const auto likeliest = predictor->continueText("x", 9, 0, 5, {});
    QCOMPARE(predictor->continueText("x", 9, 0, 6, {}), likeliest);
    QCOMPARE(predictor->continueText("", 3, 0, 6, {}), predictor->continueText("\n", 3, 0, 6, {}));
    const torch::NoGradGuard noGrad;
    const auto expected =
        trained.model->forward(torch::full({1, 1}, std::int64_t{'x'}))[0][0].argmax().item<std::int64_t>();
    QCOMPARE(static_cast<std::uint8_t>(likeliest[0]), expected);
  }

  void matchesForeignNamesByOrderAndShape() {
    Trained trained(irisSpec());
    const auto expected = makePredictor(trained.tree)->predictRow({1, 2, 3, 4}).probabilities;
    auto renamed = core::StateTree::stateDict();
    for (const auto& [key, tensor] : trained.tree.at(keys::kModel).as<core::StateTree::Dict>()->items)
      renamed.set("module.net." + std::get<std::string>(key), tensor);
    trained.tree.set(keys::kModel, renamed);
    QCOMPARE(makePredictor(trained.tree)->predictRow({1, 2, 3, 4}).probabilities, expected);
  }

  void refusesTreesThatDoNotFit() {
    Trained trained(irisSpec());
    auto bare = core::StateTree::dict();
    bare.set(keys::kModel, trained.tree.at(keys::kModel));
    CAIRN_CONTAINS(messageOf([&] { makePredictor(bare); }), "does not say what model");

    auto misshapen = trained.tree;
    misshapen.find(keys::kModel)->set("layers.0.weight", toCore(torch::zeros({8, 5})));
    CAIRN_CONTAINS(messageOf([&] { makePredictor(misshapen); }),
                   "model_state_dict['layers.0.weight']: has shape [8, 5], but the model's layers.0.weight is [8, 4]");

    auto more = trained.tree;
    more.find(keys::kModel)
        ->as<core::StateTree::Dict>()
        ->items.erase(more.find(keys::kModel)->as<core::StateTree::Dict>()->items.begin());
    CAIRN_CONTAINS(messageOf([&] { makePredictor(more); }), "holds 3 tensors, but the model has 4");

    auto cut = trained.tree;
    cut.find(keys::kCairn)->find(keys::kNormalization)->set(keys::kMean, core::StateTree::List{});
    CAIRN_CONTAINS(messageOf([&] { makePredictor(cut); }), "cairn.normalization");

    auto classes = trained.tree;
    classes.find(keys::kCairn)->set(keys::kClasses, core::StateTree::List{});
    CAIRN_CONTAINS(messageOf([&] { makePredictor(classes); }), "cairn.data_shape");
  }

  void bridgesTensorsBothWays() {
    const auto source = torch::arange(6, torch::kFloat64).view({2, 3});
    const auto stored = toCore(source.t());
    QCOMPARE(stored.shape, (std::vector<std::int64_t>{3, 2}));
    QCOMPARE(stored.at(1), 3.0);
    const auto back = toTorch(stored);
    QVERIFY(torch::equal(back, source.t()));
    QCOMPARE(static_cast<const void*>(back.data_ptr()), static_cast<const void*>(stored.bytes.data()));  // no copy
    auto unaligned = stored;
    std::vector<std::byte> shifted(stored.bytes.size() + 1);
    std::copy(stored.bytes.begin(), stored.bytes.end(), shifted.begin() + 1);
    unaligned.bytes = {shifted.data() + 1, stored.bytes.size()};
    QVERIFY(torch::equal(toTorch(unaligned), back));
    QCOMPARE(toTorch(toCore(torch::tensor(true))).scalar_type(), torch::kBool);
    QCOMPARE(toTorch(toCore(torch::empty({0, 3}))).size(1), 3);
  }
};

CAIRN_TEST(TestPredictor, predictor)
#include "tst_predictor.moc"
