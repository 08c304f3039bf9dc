#include <QTest>

#include "spec_samples.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;
using nlohmann::json;

namespace {
std::string subjectOf(const core::RunSpec& spec, const std::vector<std::string>& assignments) {
  try {
    (void)core::withSettings(spec, assignments);
  } catch (const Error& error) {
    return error.kind() == ErrorKind::Invalid ? error.subject() : "not Invalid: " + error.subject();
  }
  return "no error";
}
}  // namespace

class TestSpecSettings : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void valuesAreJsonOrPlainText() {
    const auto spec = core::withSettings(
        parsed(csvSpec()), {"optimizer.lr=0.01", "name=two words", "model.hidden=[8,8]", "data.shuffle=false"});
    QCOMPARE(core::learningRate(spec.optimizer), 0.01);
    QCOMPARE(spec.name, std::string("two words"));
    QCOMPARE(std::get<core::MlpModel>(spec.model).hidden, (std::vector<std::int64_t>{8, 8}));
    QVERIFY(!spec.data.shuffle);
  }

  void partsThatWereAbsentAreMade() {
    const auto spec = core::withSettings(parsed(csvSpec()), {"early_stopping.patience=3"});
    QCOMPARE(spec.earlyStopping->patience, 3);
    QVERIFY(!core::withSettings(spec, {"early_stopping=null"}).earlyStopping);
  }

  void aNewTypeKeepsWhatWasChosenAndFits() {
    auto adamw = csvSpec();
    adamw["optimizer"] = json::parse(R"({"type": "AdamW", "lr": 0.25, "betas": [0.5, 0.5]})");
    const auto sgd = core::withSettings(parsed(adamw), {"optimizer.type=SGD", "optimizer.momentum=0.5"});
    const auto& options = std::get<core::SGDOptions>(sgd.optimizer);
    QCOMPARE(options.lr, 0.25);          // chosen: stays
    QCOMPARE(options.weightDecay, 0.0);  // stood at AdamW's default: SGD's default now
    QCOMPARE(options.momentum, 0.5);
    const auto cosine = core::withSettings(sgd, {"lr_scheduler.type=CosineAnnealingLR", "lr_scheduler.T_max=9"});
    QCOMPARE(std::get<core::CosineAnnealingLR>(cosine.lrScheduler.schedule).tMax, 9);
    const auto step = core::withSettings(cosine, {"lr_scheduler.type=StepLR"});
    QCOMPARE(std::get<core::StepLR>(step.lrScheduler.schedule).stepSize, 10);
    const auto none = core::withSettings(step, {"lr_scheduler.type=null", "lr_scheduler.warmup_steps=3"});
    QVERIFY(std::holds_alternative<std::monostate>(none.lrScheduler.schedule));
    QCOMPARE(none.lrScheduler.warmupSteps, 3);
  }

  void oneLengthReplacesTheOther() {
    const auto steps = core::withSettings(parsed(csvSpec()), {"training.steps=50"});
    QVERIFY(steps.training.steps == 50 && !steps.training.epochs);
    const auto epochs = core::withSettings(steps, {"training.epochs=2"});
    QVERIFY(epochs.training.epochs == 2 && !epochs.training.steps);
    QCOMPARE(subjectOf(epochs, {"training.epochs=2", "training.steps=3"}), std::string("training.steps"));
  }

  void theMonitorFollowsTheDataUnlessChosen() {
    const auto without = core::withSettings(parsed(csvSpec()), {"data.validation_fraction=0"});
    QCOMPARE(without.checkpoints.monitor, std::string("train/loss"));
    const auto chosen = parsed(with(csvSpec(), "/checkpoints/monitor", "val/accuracy"));
    QCOMPARE(subjectOf(chosen, {"data.validation_fraction=0"}), std::string("checkpoints.monitor"));
    const auto accuracy = core::withSettings(parsed(csvSpec()), {"checkpoints.monitor=val/accuracy"});
    QVERIFY(accuracy.checkpoints.mode == core::Mode::Max);
  }

  void relativePathsCountFromTheFolder() {
    const auto spec = core::withSettings(parsed(csvSpec()), {"data.path=other.csv"}, "/elsewhere");
    QCOMPARE(std::get<core::CsvData>(spec.data.source).path, std::string("/elsewhere/other.csv"));
  }

  void badAssignmentsAreNamed() {
    const auto spec = parsed(csvSpec());
    QCOMPARE(subjectOf(spec, {"optimizer.lr"}), std::string("\"optimizer.lr\""));
    QCOMPARE(subjectOf(spec, {"optimizer.lrr=1"}), std::string("optimizer.lrr"));
    QCOMPARE(subjectOf(spec, {"optimizer.lr=fast"}), std::string("optimizer.lr"));
    QCOMPARE(subjectOf(spec, {"loss.type=1"}), std::string("loss.type"));
    QCOMPARE(subjectOf(spec, {"optimizer.lr=1", "optimizer.lr=2"}), std::string("optimizer.lr"));
    QCOMPARE(subjectOf(spec, {"optimizer.type=RMSprop"}), std::string("optimizer.type"));
    QCOMPARE(subjectOf(spec, {"name=\xff"}), std::string("name"));
  }

  void differencesNameKeysAndBothValues() {
    const auto before = parsed(csvSpec());
    const auto after =
        core::withSettings(before, {"optimizer.lr=0.5", "model.hidden=[1]", "early_stopping.patience=2"});
    const auto list = core::differences(before, after);
    QCOMPARE(list.size(), 4u);
    QCOMPARE(list[0].key, std::string("model.hidden"));
    QCOMPARE(list[0].before, std::string("[64]"));
    QCOMPARE(list[0].after, std::string("[1]"));
    QCOMPARE(list[1].key, std::string("optimizer.lr"));
    QCOMPARE(list[2].key, std::string("early_stopping.patience"));
    QCOMPARE(list[2].before, std::string());
    QVERIFY(core::differences(after, after).empty());
  }
};

CAIRN_TEST(TestSpecSettings, spec_settings)
#include "tst_spec_settings.moc"
