// That training is right, on data that nobody here made: the examples' digits, irises and sonnets, and MNIST where it is given.
#include <QTest>
#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <thread>

#include "engine/loop/compute_device.h"
#include "engine/loop/learner_state.h"
#include "engine/tensor_bridge.h"
#include "session_harness.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;
using core::Series;

namespace {

constexpr const char* kExamples = CAIRN_SOURCE_DIR "/resources/examples/";

engine::SessionOptions example(const std::string& file) {
  engine::SessionOptions options{.spec = core::readRunSpec(kExamples + file), .runId = "eeeeeeeeeeeeeeee"};
  options.spec.training.threads = 1;
  options.spec.training.device = "cpu";
  return options;
}

/// In nats a byte: what a model that knows only how often each byte occurs would reach.
double unigramEntropy(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::array<double, 256> counts{};
  double total = 0;
  for (char byte; in.get(byte); ++total) ++counts[static_cast<unsigned char>(byte)];
  double entropy = 0;
  for (const double count : counts)
    if (count > 0) entropy -= count / total * std::log(count / total);
  return entropy;
}

}  // namespace

class TestLearning : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void digits();
  void iris();
  void sonnets();
  void mnist();
  void threadsAreChosenWithoutATrace();
};

void TestLearning::digits() {
  const auto sink = trained(example("digits.json"));
  QCOMPARE(sink->last().state, core::SessionState::Completed);
  const auto accuracy = sink->series(Series::ValAccuracy).back();
  double seconds = 0;
  for (const double step : sink->series(Series::StepSeconds)) seconds += step;
  qInfo("digits MLP: validation accuracy %.4f, %.0f steps/s", accuracy,
        static_cast<double>(sink->last().step) / seconds);
  QVERIFY(accuracy >= 0.96);
}

void TestLearning::iris() {
  const auto sink = trained(example("iris.json"));
  QCOMPARE(sink->last().state, core::SessionState::Completed);
  const auto accuracies = sink->series(Series::ValAccuracy);
  qInfo("iris MLP: validation accuracy %.4f, best %.4f", accuracies.back(),
        *std::max_element(accuracies.begin(), accuracies.end()));
  QVERIFY(accuracies.back() >= 0.9);
}

void TestLearning::sonnets() {
  auto options = example("sonnets.json");
  options.maxSteps = 120;
  const auto& text = std::get<core::TextData>(options.spec.data.source).path;
  const double entropy = unigramEntropy(text);
  const auto sink = trained(std::move(options));
  const auto losses = sink->series(Series::TrainLoss);
  QVERIFY(losses.size() >= 20);
  double mean = 0;
  for (auto loss = losses.end() - 10; loss != losses.end(); ++loss) mean += *loss / 10;
  qInfo("sonnets Transformer: loss %.3f after %zu steps, byte-unigram entropy %.3f", mean, losses.size(), entropy);
  QVERIFY(mean < entropy - 0.3);
}

/// CAIRN_MNIST: a folder with MNIST's own files. The example as it is, but for where they lie.
void TestLearning::mnist() {
  const auto folder = qEnvironmentVariable("CAIRN_MNIST").toStdString();
  if (folder.empty()) QSKIP("CAIRN_MNIST names no folder with MNIST's files");
  auto options = example("mnist.json");
  options.spec.training.threads.reset();
  auto& data = std::get<core::IdxData>(options.spec.data.source);
  for (auto* path : {&data.images, &data.labels, &data.validationImages, &data.validationLabels})
    *path = (std::filesystem::path(folder) / std::filesystem::path(*path).filename()).string();
  const auto sink = trained(std::move(options));
  QCOMPARE(sink->last().state, core::SessionState::Completed);
  const auto accuracy = sink->series(Series::ValAccuracy).back();
  qInfo("MNIST CNN: validation accuracy %.4f after 2 epochs", accuracy);
  QVERIFY(accuracy >= 0.985);
}

/// Measuring candidates moves generators and BatchNorm's buffers; none of it may show.
void TestLearning::threadsAreChosenWithoutATrace() {
  auto options = optionsFor(cnnSpec());
  options.spec.training.threads.reset();
  const core::Progress goOn = [](std::string_view, std::int64_t, std::int64_t) { return true; };
  auto learner = engine::makeLearner(options, goOn);
  const engine::TensorCapture copy = [](const torch::Tensor& tensor) { return engine::toCore(tensor); };
  const auto before = engine::checkpointTree(learner, {}, copy, copy);
  const int threads = engine::fastestThreads(learner, goOn);
  QVERIFY(threads >= 1 && threads <= static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
  QVERIFY(core::sameState(before, engine::checkpointTree(learner, {}, copy, copy)));
}

CAIRN_TEST(TestLearning, learning)
#include "tst_learning.moc"
