// What was loaded last is given again as long as it is the same, and read anew as soon as it is not.
#include <QTest>
#include <chrono>
#include <thread>

#include "data_files.h"
#include "engine/loop/batcher.h"
#include "engine/loop/data_cache.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;

class TestDataCache : public QObject {
  Q_OBJECT

  DataFiles files_;

  core::RunSpec specOf(const std::string& path) {
    core::RunSpec spec;
    spec.data = csvSpec(path, {"y"}, core::Task::Regression);
    spec.model = core::MlpModel{};
    return spec;
  }

 private Q_SLOTS:
  void theSameIsNotReadAgain() {
    const auto spec = specOf(files_.write("same.csv", "x,y\n1,2\n3,4\n"));
    const auto first = engine::preparedData(spec, {});
    int reports = 0;
    const auto again = engine::preparedData(spec, [&](auto, auto, auto) { return ++reports > 0; });
    QCOMPARE(again.get(), first.get());
    QCOMPARE(reports, 0);
  }

  void anotherSeedOrSplitIsLoadedAnew() {
    auto spec = specOf(files_.write("split.csv", "x,y\n1,2\n3,4\n5,6\n7,8\n"));
    const auto first = engine::preparedData(spec, {});
    spec.training.seed = 99;
    QVERIFY(engine::preparedData(spec, {}) != first);
    spec.training.seed = core::RunSpec{}.training.seed;
    spec.data.validationFraction = 0.5;
    QCOMPARE(engine::preparedData(spec, {})->data.validation.size(), std::size_t{2});
  }

  void aChangedFileIsReadAnew() {
    const auto path = files_.write("changed.csv", "x,y\n1,2\n3,4\n");
    const auto spec = specOf(path);
    const auto first = engine::preparedData(spec, {});
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // the file system's clock ticks every few
    files_.write("changed.csv", "x,y\n1,2\n3,5\n");              // as long as before
    const auto second = engine::preparedData(spec, {});
    QVERIFY(second->data.fingerprint != first->data.fingerprint);
    QCOMPARE(second->data.targets.back(), 5.0f);
  }

  void whatCannotBeReadIsAnErrorAndForgotten() {
    const auto spec = specOf(files_.path("none.csv"));
    QVERIFY_EXCEPTION_THROWN(engine::preparedData(spec, {}), Error);
  }
};

CAIRN_TEST(TestDataCache, data_cache)
#include "tst_data_cache.moc"
