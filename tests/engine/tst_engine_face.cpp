#include <nlohmann/json.hpp>

#include "data_files.h"
#include "engine/data/dataset.h"
#include "engine/engine_impl.h"
#include "engine/machine.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::engine;
using namespace cairn::tests;

namespace {
std::string example(const std::string& name) { return CAIRN_SOURCE_DIR "/resources/examples/" + name; }
}  // namespace

class TestEngineFace : public QObject {
  Q_OBJECT

  DataFiles files_;
  EngineImpl engine_;

 private Q_SLOTS:
  void namesVersionsAndBlas() {
    const auto versions = engine_.versions();
    QVERIFY(versions.libtorch.starts_with("1.13") || versions.libtorch.front() >= '2');
    QVERIFY(!versions.cpuCapability.empty() && versions.cpuCapability != "unknown");
    QVERIFY(!versions.blas.empty());
    QCOMPARE(versions.blas == "reference BLAS", !versions.warning.empty());
    if (!versions.warning.empty()) CAIRN_CONTAINS(versions.warning, "libopenblas0-");
  }

  void listsTheCpuFirst() {
    const auto devices = engine_.devices();
    QCOMPARE(devices.front().name, std::string("cpu"));
    QVERIFY(devices.front().threads >= 1);
    CAIRN_CONTAINS(devices.front().description, engine_.versions().cpuCapability);
    for (std::size_t i = 1; i < devices.size(); ++i) QVERIFY(devices[i].name.starts_with("cuda:"));
  }

  void previewsACsvFile() {
    auto spec = csvSpec(example("iris.csv"), {"species"});
    spec.validationFraction = 0.2;
    const auto preview = engine_.previewData(spec, 7, {});
    QCOMPARE(preview.columns,
             (std::vector<std::string>{"sepal_length", "sepal_width", "petal_length", "petal_width", "species"}));
    QCOMPARE(preview.rows.front(), (std::vector<std::string>{"5.1", "3.5", "1.4", "0.2", "setosa"}));
    QCOMPARE(preview.rows.size(), std::size_t{20});
    QCOMPARE(preview.samples, 150);
    QCOMPARE(preview.validationSamples, 30);
    QCOMPARE(preview.inputs, 4);
    QCOMPARE(preview.outputs, 3);
    QCOMPARE(engine_.dataFingerprint(spec, {}), loadDataset(spec, 1, {}).fingerprint);
  }

  void previewsImagesAndText() {
    core::DataSpec images;
    images.source = core::IdxData{files_.write("i", idxBytes({2, 2, 3}, "abcdefghijkl")),
                                  files_.write("l", idxBytes({2}, std::string("\7\2"))), "", ""};
    const auto preview = engine_.previewData(images, 0, {});
    QCOMPARE(preview.images.size(), std::size_t{2});
    QCOMPARE(preview.images[1].label, std::string("2"));
    QCOMPARE(preview.images[1].width, 3);
    QCOMPARE(preview.images[1].pixels, (std::vector<std::uint8_t>{'g', 'h', 'i', 'j', 'k', 'l'}));
    QCOMPARE(preview.inputs, 6);
    core::DataSpec text;
    text.source = core::TextData{example("sonnets.txt"), 64};
    text.validationFraction = 0.1;
    const auto sonnets = engine_.previewData(text, 0, {});
    QCOMPARE(sonnets.text.size(), std::size_t{2000});
    QCOMPARE(sonnets.samples, (QFileInfo(QString::fromStdString(example("sonnets.txt"))).size() - 1) / 64);
  }

  void describesAModelBeforeItIsMade() {
    auto spec = core::readRunSpec(example("digits.json"));
    const auto data = engine_.previewData(spec.data, spec.training.seed, {});
    spec.model = core::MlpModel{{64}, core::Activation::ReLU, 0.1};
    spec.optimizer = core::AdamOptions{};
    const auto summary = engine_.describeModel(spec, data);
    QCOMPARE(summary.parameters, 64 * 64 + 64 + 64 * 10 + 10);
    QCOMPARE(summary.layers.size(), std::size_t{4});
    QVERIFY(summary.checkpointBytes >= summary.parameters * 12 &&
            summary.checkpointBytes < summary.parameters * 12 + 20'000);
    spec.model = core::MlpModel{{1'000'000'000, 1'000'000'000}, core::Activation::ReLU, 0};
    CAIRN_CONTAINS(messageOf([&] { engine_.describeModel(spec, data); }), "model: its weights would take");
  }
};

CAIRN_TEST(TestEngineFace, engine_face)
#include "tst_engine_face.moc"
