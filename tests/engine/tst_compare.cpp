#include <QTest>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/error.h"
#include "engine/checkpoint_keys.h"
#include "engine/compare/batch_statistics.h"
#include "engine/engine_impl.h"
#include "engine/models/layers.h"
#include "engine/torch_compat.h"
#include "session_harness.h"
#include "support/test_registry.h"
#include "support/thrown.h"

using namespace cairn;
using namespace cairn::engine;
using namespace cairn::tests;
using nlohmann::json;

namespace {

/// The newest checkpoint of a run by `spec`, with its spec.
ComparedFile fileOf(const json& spec) {
  const auto sink = trained(optionsFor(spec));
  return {sink->checkpoints.back().state, parsed(spec)};
}

json with(json spec, const std::string& pointer, const json& value) {
  spec[json::json_pointer(pointer)] = value;
  return spec;
}

std::string write(const std::string& name, const std::string& text) {
  const auto path = dataFolder() / name;
  std::ofstream(path) << text;
  return path.string();
}

}  // namespace

class TestCompare : public QObject {
  Q_OBJECT

  EngineImpl engine_;

  core::PredictionComparison predictions(const ComparedFiles& files, const PredictionOptions& options = {}) {
    return engine_.comparePredictions(files, options, {});
  }
  static json weather(const std::string& file) {
    auto spec = mlpSpec();
    spec["data"] = {
        {"format", "csv"}, {"path", file}, {"target", "sky"}, {"task", "classification"}, {"validation_fraction", 0.5}};
    return with(spec, "/training/batch_size", 4);
  }

 private Q_SLOTS:
  void batchStatisticsArePlainMeans();
  void nothingTouchesTheGlobalGenerator();
  void theDataIsOfTheFirstThatHasSome();
  void notesSayWhatSplitsAndDataDiffer();
  void columnsAndClassesAreMatchedByName();
  void otherKindsOfDataAreProblems();
  void targetsAreMatchedByName();
  void imagesAreShownAsTheyAre();
  void shorterBlocksAreWithinReach();
  void noSampleIsShownIfNoneIsWanted();
  void pathsRunBetweenAnyTwo();
  void pathsNeedOneModel();
  void meansAreOfOneModel();
  void weightsThatAreNoNumbersMakeNoMean();
};

void TestCompare::batchStatisticsArePlainMeans() {
  auto random = cpuGenerator(5);
  class OneNorm final : public Model {
   public:
    OneNorm() { norm = register_module("norm", std::make_shared<BatchNorm2d>(3)); }
    torch::Tensor forward(torch::Tensor input) override { return norm->forward(input); }
    std::vector<LayerSummary> summary() const override { return {}; }
    std::shared_ptr<BatchNorm2d> norm;
  } model;
  const auto all = torch::empty({20, 3, 4, 4}).normal_(2, 3, random);
  const auto batches = all.split(8);  // the last is smaller, and counts as much
  auto mean = torch::zeros({3}), variance = torch::zeros({3});
  for (const auto& batch : batches) {
    mean += batch.mean({0, 2, 3}) / 3;
    variance += batch.var({0, 2, 3}, /*unbiased=*/true) / 3;
  }
  std::size_t next = 0;
  computeBatchStatistics(model, [&]() -> std::optional<torch::Tensor> {
    return next < batches.size() ? std::optional(batches[next++]) : std::nullopt;
  });
  const auto buffers = model.named_buffers();
  QVERIFY(torch::allclose(buffers["norm.running_mean"], mean, 1e-5, 1e-6));
  QVERIFY(torch::allclose(buffers["norm.running_var"], variance, 1e-5, 1e-6));
  QCOMPARE(buffers["norm.num_batches_tracked"].item<std::int64_t>(), 3);
  QVERIFY(!model.norm->is_training());
  // Training moves them as ever after that.
  model.train();
  model.forward(batches[0]);
  QVERIFY(torch::allclose(buffers["norm.running_mean"], mean * 0.9 + batches[0].mean({0, 2, 3}) * 0.1, 1e-5, 1e-6));
}

void TestCompare::nothingTouchesTheGlobalGenerator() {
  const auto a = fileOf(cnnSpec()), b = fileOf(with(cnnSpec(), "/optimizer/lr", 0.01));
  const auto before = at::detail::getDefaultCPUGenerator().get_state().clone();
  predictions({a, b});
  engine_.lossPath({a, b}, {.points = 3, .onPoint = {}}, {});
  engine_.average({a, b}, "0123456789abcdef", "mean", {});
  QVERIFY(torch::equal(before, at::detail::getDefaultCPUGenerator().get_state()));
}

void TestCompare::theDataIsOfTheFirstThatHasSome() {
  auto bare = mlpSpec();
  bare["data"].erase("validation_fraction");
  const auto without = fileOf(bare), having = fileOf(mlpSpec());
  const auto found = predictions({without, having});
  QCOMPARE(found.data.of, std::size_t{1});
  QVERIFY(found.data.validation && found.data.samples == 12);
  QVERIFY(found.data.notes.at(0).starts_with("A's split of the data is another one"));
  QVERIFY(messageOf([&] {
            predictions({without, having}, {.dataOf = 0});
          }).find("no validation data") != std::string::npos);
  const auto training = predictions({without, without});
  QVERIFY(!training.data.validation && training.data.samples == 60 && !training.data.notes.empty());
}

void TestCompare::notesSayWhatSplitsAndDataDiffer() {
  const auto file = fileOf(mlpSpec());
  QVERIFY(predictions({file, fileOf(with(mlpSpec(), "/optimizer/lr", 0.1))}).data.notes.empty());
  const auto seed = predictions({file, fileOf(with(mlpSpec(), "/training/seed", 9))});
  QCOMPARE(seed.data.notes.size(), std::size_t{1});
  QVERIFY(seed.data.notes[0].starts_with("B's split"));
  QCOMPARE(predictions({file, file, fileOf(with(mlpSpec(), "/training/seed", 9))}, {.dataOf = 2}).data.notes.size(),
           std::size_t{2});
}

void TestCompare::columnsAndClassesAreMatchedByName() {
  std::string first = "wind,rain,sky\n", second = "rain,wind,sky\n", third = "rain,sky\n";
  for (int i = 0; i < 24; ++i) {
    const auto wind = std::to_string(i % 7), rain = std::to_string(i % 5);
    const std::string sky = i % 2 ? "grey" : "blue", dark = i % 3 ? sky : "black";
    first += wind + "," + rain + "," + sky + "\n";
    second += rain + "," + wind + "," + dark + "\n";
    third += rain + "," + sky + "\n";
  }
  const auto a = fileOf(weather(write("first.csv", first))), b = fileOf(weather(write("second.csv", second)));
  const auto c = fileOf(weather(write("third.csv", third)));
  // B knows a class more and has the columns the other way round; C takes one of the columns.
  const auto onA = predictions({a, b, c});
  QVERIFY(onA.results[1].problem.empty() && onA.results[1].loss && onA.results[2].loss);
  QCOMPARE(onA.results[1].confusion.size(), std::size_t{4});
  QCOMPARE(onA.samples.at(0).answers.at(1).probabilities.size(), std::size_t{3});
  // On B's data A lacks "black": it has no loss there, is wrong of those samples, and right of others at the most.
  const auto onB = predictions({a, b}, {.dataOf = 1});
  QVERIFY(onB.results[0].problem.empty() && !onB.results[0].loss && onB.results[0].accuracy);
  const auto& confusion = onB.results[0].confusion;  // classes: black, blue, grey
  QVERIFY(confusion.size() == 9 && confusion[0] == 0 && confusion[3] == 0 && confusion[1] + confusion[2] > 0);
  // C's data has no wind.
  QVERIFY(predictions({c, a}).results[1].problem.find("takes a column 'wind'") != std::string::npos);
}

void TestCompare::otherKindsOfDataAreProblems() {
  const auto rows = fileOf(mlpSpec()), images = fileOf(cnnSpec()), text = fileOf(transformerSpec());
  const auto found = predictions({rows, images, text});
  QVERIFY(found.results[0].problem.empty());
  QCOMPARE(found.results[1].problem, std::string("takes images, and this data is rows"));
  QCOMPARE(found.results[2].problem, std::string("takes text, and this data is rows"));
  QVERIFY(!found.results[1].loss && !found.agreement[0][1] && !found.allAgree);
  QCOMPARE(found.rightBy.size(), std::size_t{8});
  QVERIFY(found.samples.empty());
}

void TestCompare::targetsAreMatchedByName() {
  std::string text = "x,y,z\n";
  for (int i = 0; i < 12; ++i)
    text += std::to_string(i) + "," + std::to_string(2 * i) + "," + std::to_string(-i) + "\n";
  auto spec = weather(write("values.csv", text));
  spec["loss"] = "MSELoss";
  spec["data"] = {{"format", "csv"},
                  {"path", (dataFolder() / "values.csv").string()},
                  {"target", {"y", "z"}},
                  {"task", "regression"},
                  {"validation_fraction", 0.25}};
  const auto a = fileOf(spec);
  const auto same = predictions({a, fileOf(with(spec, "/data/target", json{"z", "y"}))});
  QVERIFY(same.results[1].problem.empty() && same.results[1].loss && !same.results[1].accuracy && same.rightBy.empty());
  QCOMPARE(same.samples.at(0).truth.size(), std::size_t{2});
  QCOMPARE(std::stod(same.samples[0].truth[0]), -2 * std::stod(same.samples[0].truth[1]));
  // With z not predicted it is a column that the model takes.
  QVERIFY(predictions({a, fileOf(with(spec, "/data/target", "y"))}).results[1].problem.find("takes a column 'z'") == 0);
  auto elsewhere = with(spec, "/data/target", "w");
  elsewhere["data"]["path"] = write("others.csv", "x,w\n1,2\n2,4\n3,6\n4,8\n5,9\n6,1\n7,3\n8,5\n");
  const auto other = predictions({a, fileOf(elsewhere)});
  QCOMPARE(other.results[1].problem, std::string("predicts other targets than this data has"));
  const auto classes =
      with(with(with(spec, "/data/target", "x"), "/data/task", "classification"), "/loss", "CrossEntropyLoss");
  QCOMPARE(predictions({a, fileOf(classes)}).results[1].problem,
           std::string("predicts classes, and this data has values"));
}

void TestCompare::imagesAreShownAsTheyAre() {
  const auto found = predictions({fileOf(cnnSpec()), fileOf(with(cnnSpec(), "/optimizer/lr", 0.3))});
  const auto& sample = found.samples.at(0);
  QVERIFY(sample.width == 8 && sample.height == 8 && sample.pixels.size() == 64 && sample.row.empty());
  // Bright bars stand in rows by class.
  const auto label = std::stoi(sample.truth.at(0));
  QVERIFY(sample.pixels[static_cast<std::size_t>(8 * label)] >= 150);
  QVERIFY(std::is_sorted(found.samples.rbegin(), found.samples.rend(),
                         [](const auto& a, const auto& b) { return a.difference < b.difference; }));
}

void TestCompare::shorterBlocksAreWithinReach() {
  const auto file = fileOf(transformerSpec()), longer = fileOf(with(transformerSpec(), "/data/block_size", 24));
  const auto found = predictions({file, longer}, {.textSamples = 3});
  QVERIFY(found.results[1].problem.empty() && found.results[1].loss && found.results[1].accuracy);
  QCOMPARE(found.samples.size(), std::size_t{3});
  for (const auto& sample : found.samples) {
    QCOMPARE(sample.prompt.size() + sample.truth.at(0).size(), std::size_t{17});
    for (const auto& answer : sample.answers) QCOMPARE(answer.outputs.at(0).size(), sample.truth[0].size());
  }
  QVERIFY(predictions({longer, file}).results[1].problem.find("16 bytes") != std::string::npos);
}

void TestCompare::noSampleIsShownIfNoneIsWanted() {
  const auto found = predictions({fileOf(mlpSpec()), fileOf(with(mlpSpec(), "/training/seed", 9))}, {.samples = 0});
  QVERIFY(found.samples.empty() && found.differing > 0);
}

void TestCompare::pathsRunBetweenAnyTwo() {
  const auto a = fileOf(cnnSpec()), b = fileOf(with(cnnSpec(), "/optimizer/lr", 0.3)),
             c = fileOf(with(cnnSpec(), "/optimizer/lr", 0.01));
  std::vector<double> seen;
  const auto path = engine_.lossPath(
      {a, b, c}, {.from = 2, .to = 0, .points = 5, .onPoint = [&](const auto& point) { seen.push_back(point.t); }}, {});
  QCOMPARE(seen, (std::vector<double>{0, 0.25, 0.5, 0.75, 1}));
  const auto all = predictions({a, b, c});
  QCOMPARE(path.points.front().loss, *all.results[2].loss);
  QCOMPARE(path.points.back().loss, *all.results[0].loss);
  QVERIFY(path.statisticsAnew && path.barrier >= 0);
  QVERIFY(!engine_.lossPath({a, b}, {.points = 2, .onPoint = {}}, {}).statisticsAnew);
  QVERIFY(!messageOf([&] { engine_.lossPath({a, b}, {.points = 1, .onPoint = {}}, {}); }).empty());
}

void TestCompare::pathsNeedOneModel() {
  const auto a = fileOf(mlpSpec());
  const auto why = [&](const json& other) {
    const auto b = fileOf(other);
    return messageOf([&] { engine_.lossPath({a, b}, {.points = 3, .onPoint = {}}, {}); });
  };
  QVERIFY(why(with(mlpSpec(), "/model/hidden", json{9})).find("there is no line between them") != std::string::npos);
  QVERIFY(why(cnnSpec()).find("takes images") != std::string::npos);
}

void TestCompare::meansAreOfOneModel() {
  const auto a = fileOf(mlpSpec()), b = fileOf(with(mlpSpec(), "/training/epochs", 2));
  const auto made = engine_.average({b, a}, "0123456789abcdef", "mean", {});
  QCOMPARE(made.base, std::size_t{1});  // the one of more steps
  QCOMPARE(made.record.step, a.tree->integer("step"));
  QCOMPARE(made.record.parents.size(), std::size_t{2});
  QCOMPARE(made.state->at(keys::kCairn).text(keys::kKind), std::string("averaged"));
  const auto& mean = made.state->at(keys::kModel).tensor("layers.0.weight");
  for (std::int64_t i = 0; i < mean.numel(); ++i)
    QCOMPARE(mean.at(i),
             static_cast<double>(static_cast<float>((a.tree->at(keys::kModel).tensor("layers.0.weight").at(i) +
                                                     b.tree->at(keys::kModel).tensor("layers.0.weight").at(i)) /
                                                    2)));
  QCOMPARE(made.notes.size(), std::size_t{2});  // what it is, and that it is at its end
  const auto otherSplit = fileOf(with(mlpSpec(), "/training/seed", 9));
  const auto notes = engine_.average({a, otherSplit}, "0123456789abcdef", "mean", {}).notes;
  QVERIFY(std::any_of(notes.begin(), notes.end(),
                      [](const auto& note) { return note.starts_with("B took its inputs by another"); }));
  const auto refuses = [&](const json& other) {
    const auto file = fileOf(other);
    return messageOf([&] { engine_.average({a, file}, "0123456789abcdef", "mean", {}); });
  };
  QVERIFY(refuses(with(mlpSpec(), "/model/hidden", json{9})).find("one shape") != std::string::npos);
  QVERIFY(refuses(with(mlpSpec(), "/model/hidden", json{8, 8})).find("one shape") != std::string::npos);
  QVERIFY(refuses(cnnSpec()).find("stand for other columns or classes") != std::string::npos);
}

void TestCompare::weightsThatAreNoNumbersMakeNoMean() {
  const auto a = fileOf(mlpSpec());
  auto broken = *a.tree;
  auto* tensor = broken.find(keys::kModel)->find("layers.0.bias")->as<core::Tensor>();
  const std::vector<float> values(static_cast<std::size_t>(tensor->numel()), std::numeric_limits<float>::quiet_NaN());
  *tensor = core::Tensor::copyOf(core::DType::Float32, tensor->shape, std::as_bytes(std::span(values)));
  const ComparedFile b{std::make_shared<const core::StateTree>(broken), a.spec};
  QVERIFY(messageOf([&] {
            engine_.average({a, b}, "0123456789abcdef", "mean", {});
          }).find("no numbers") != std::string::npos);
  const auto path = engine_.lossPath({a, b}, {.points = 3, .onPoint = {}}, {});
  QVERIFY(std::isfinite(path.points[0].loss) && std::isnan(path.points[1].loss));
  QVERIFY(std::isnan(path.barrier));
  // Answers that are no numbers are not the same as those that are.
  const auto answers = predictions({a, b});
  QCOMPARE(answers.differing, answers.data.samples);
  QCOMPARE(answers.samples.front().difference, 1.0);
}

CAIRN_TEST(TestCompare, compare)
#include "tst_compare.moc"
