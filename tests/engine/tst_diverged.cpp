// A state that holds no numbers is never kept: not at a pause, not at a stop, not as the run's last.
#include <QTest>
#include <cmath>

#include "core/error_codes.h"
#include "engine/loop/make_session.h"
#include "session_harness.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;

namespace {

/// One step throws the weights out of float's range, and nothing measured before the next one shows it.
nlohmann::json explodingSpec() {
  auto spec = mlpSpec();
  spec["data"]["validation_fraction"] = 0;
  spec["optimizer"] = {{"type", "SGD"}, {"lr", 1e300}};
  spec["checkpoints"] = {{"every_epochs", 0}, {"every_steps", 1}};
  return spec;
}

void mustHaveFailed(const MemorySink& sink, std::int64_t step) {
  QCOMPARE(sink.last().state, core::SessionState::Failed);
  QVERIFY(sink.last().error);
  QCOMPARE(sink.last().error->code(), kDiverged);
  QCOMPARE(sink.last().step, step);
  for (const auto& taken : sink.checkpoints) QVERIFY(taken.record.step < step);
}

}  // namespace

class TestDiverged : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void atTheNextLoss() {
    const auto sink = trained(optionsFor(explodingSpec()));
    mustHaveFailed(*sink, 2);
    QVERIFY(sink->checkpoints.empty());  // that of step 1 was begun, and dropped
    QVERIFY(std::isnan(sink->series(core::Series::TrainLoss).back()) ||
            std::isinf(sink->series(core::Series::TrainLoss).back()));
  }

  void whereTheNextLossNeverComes() {
    auto options = optionsFor(explodingSpec());
    options.maxSteps = 1;
    mustHaveFailed(*trained(std::move(options)), 1);
  }

  void asTheLastOfTheRun() {
    auto spec = explodingSpec();
    spec["training"].erase("epochs");
    spec["training"]["steps"] = 1;
    mustHaveFailed(*trained(optionsFor(spec)), 1);
  }

  void aGoodStateIsKept() {
    auto spec = explodingSpec();
    spec["optimizer"]["lr"] = 0.01;
    auto options = optionsFor(spec);
    options.maxSteps = 1;
    const auto sink = trained(std::move(options));
    QCOMPARE(sink->last().state, core::SessionState::Stopped);
    QCOMPARE(sink->checkpoints.size(), std::size_t{1});
  }
};

CAIRN_TEST(TestDiverged, diverged)
#include "tst_diverged.moc"
