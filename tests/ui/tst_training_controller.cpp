// The training controller with real runs of the tutorial's line: queue, verbs, errors.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "core/run_spec.h"
#include "storage/catalog.h"
#include "storage/run_lock.h"
#include "support/test_registry.h"
#include "ui/app/training_controller.h"

using namespace cairn;
using ui::TrainingController;

namespace {
core::RunSpec line(const std::vector<std::string>& settings = {}) {
  return core::withSettings(core::readRunSpec(CAIRN_SOURCE_DIR "/resources/examples/line.json"), settings);
}
// A run that goes on for long sets an lr too small to change a weight: no epoch is then better than the one before,
// and no checkpoint is due but those that the test asks for.
constexpr int kPatience = 30'000;  // milliseconds; the engine is loaded on the way
}  // namespace

class TrainingControllerTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aRunFromStartToEnd() {
    TrainingController controller(home());
    QSignalSpy queued(&controller, &TrainingController::runQueued), ended(&controller, &TrainingController::runEnded);
    QSignalSpy stored(&controller, &TrainingController::checkpointStored);
    std::vector<core::MetricPoint> points;
    connect(&controller, &TrainingController::metricsArrived, this,
            [&](const std::string&, const auto& arrived) { points.insert(points.end(), arrived.begin(), arrived.end()); });
    controller.start(line());
    QVERIFY(controller.busy());
    QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, kPatience);
    QCOMPARE(queued.count(), 1);
    QCOMPARE(ended[0][1].value<core::SessionState>(), core::SessionState::Completed);
    QVERIFY(stored.count() >= 1);
    const auto losses = std::count_if(points.begin(), points.end(),
                                      [](const auto& point) { return point.series == core::Series::TrainLoss; });
    const auto run = read().runs().at(0);
    QCOMPARE(run.status, core::RunStatus::Completed);
    QCOMPARE(losses, run.step);
    QVERIFY(!controller.busy());
  }

  void theSecondRunWaitsForTheFirst() {
    TrainingController controller(home());
    QSignalSpy ended(&controller, &TrainingController::runEnded), idle(&controller, &TrainingController::becameIdle);
    controller.start(line({"name=first"}));
    controller.start(line({"name=second"}));
    bool bothTrained = false;
    connect(&controller, &TrainingController::liveChanged, this,
            [&] { bothTrained = bothTrained || (controller.live().run.empty() && !controller.queue().empty()); });
    QTRY_COMPARE_WITH_TIMEOUT(idle.count(), 1, kPatience);
    QCOMPARE(ended.count(), 2);
    QVERIFY(!bothTrained);
    auto catalog = read();
    QCOMPARE(catalog.findRun("second").status, core::RunStatus::Completed);
    QCOMPARE(catalog.findRun("first").status, core::RunStatus::Completed);
  }

  void pauseGoOnAndStop() {
    TrainingController controller(home());
    QSignalSpy ended(&controller, &TrainingController::runEnded);
    controller.start(line({"training.epochs=10000000", "checkpoints.every_epochs=0", "optimizer.lr=1e-30"}));
    QTRY_VERIFY_WITH_TIMEOUT(controller.live().step > 0, kPatience);
    controller.pause();
    QTRY_COMPARE_WITH_TIMEOUT(controller.live().state, core::SessionState::Paused, kPatience);
    const auto pausedAt = controller.live().step;
    QTest::qWait(100);
    QCOMPARE(controller.live().step, pausedAt);
    controller.resumePaused();
    QTRY_VERIFY_WITH_TIMEOUT(controller.live().step > pausedAt, kPatience);
    controller.stop();
    QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, kPatience);
    QCOMPARE(ended[0][1].value<core::SessionState>(), core::SessionState::Stopped);
    auto catalog = read();
    const auto run = catalog.runs().at(0);
    QCOMPARE(catalog.newestReady(run.id)->step, run.step);
  }

  void aVerbDoesNotWaitForAnotherRunsResume() {
    TrainingController controller(home());
    QSignalSpy ended(&controller, &TrainingController::runEnded), failed(&controller, &TrainingController::startFailed);
    controller.start(line({"name=other"}));
    QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, kPatience);
    const auto other = read().findRun("other").id;
    controller.start(line({"training.epochs=10000000", "checkpoints.every_epochs=0", "optimizer.lr=1e-30"}));
    QTRY_VERIFY_WITH_TIMEOUT(controller.live().step > 0, kPatience);
    // A lock that is held for a repair is waited for: the worker's thread is busy meanwhile.
    const auto lock = storage::tryRunLock(storage::FileSystem::posix(), home(), other, storage::kRepairing);
    QVERIFY(lock);
    controller.resume(other, {.epochs = 100});
    controller.pause();
    QTRY_COMPARE_WITH_TIMEOUT(controller.live().state, core::SessionState::Paused, 3000);
    QCOMPARE(failed.count(), 0);
    controller.stop();
    QTRY_VERIFY_WITH_TIMEOUT(failed.count() == 1 && ended.count() == 2, kPatience);
  }

  void aPausedRunMakesRoom() {
    TrainingController controller(home());
    QSignalSpy parked(&controller, &TrainingController::runParked), idle(&controller, &TrainingController::becameIdle);
    controller.start(line({"name=long", "training.epochs=10000000", "checkpoints.every_epochs=0", "optimizer.lr=1e-30"}));
    QTRY_VERIFY_WITH_TIMEOUT(controller.live().step > 0, kPatience);
    controller.pause();
    QTRY_COMPARE_WITH_TIMEOUT(controller.live().state, core::SessionState::Paused, kPatience);
    controller.start(line({"name=short"}));
    QTRY_COMPARE_WITH_TIMEOUT(idle.count(), 1, kPatience);
    QCOMPARE(parked.count(), 1);
    QCOMPARE(read().findRun("short").status, core::RunStatus::Completed);
  }

  void anErrorIsToldAndTheQueueGoesOn() {
    TrainingController controller(home());
    QSignalSpy failed(&controller, &TrainingController::startFailed);
    controller.resume("no such run");
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, kPatience);
    QVERIFY(!controller.busy());
  }

  void shuttingDownSavesACheckpoint() {
    {
      TrainingController controller(home());
      QSignalSpy idle(&controller, &TrainingController::becameIdle);
      controller.start(line({"training.epochs=10000000", "checkpoints.every_epochs=0", "optimizer.lr=1e-30"}));
      QTRY_VERIFY_WITH_TIMEOUT(controller.live().step > 0, kPatience);
      controller.start(line({"name=waits"}));
      QTRY_COMPARE_WITH_TIMEOUT(controller.queue().size(), std::size_t{1}, kPatience);
      controller.shutDown();
      QTRY_COMPARE_WITH_TIMEOUT(idle.count(), 1, kPatience);
    }
    auto catalog = read();
    const auto run = catalog.findRun("line");
    QVERIFY(run.step > 0);
    QCOMPARE(catalog.newestReady(run.id)->step, run.step);
  }

  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    storage::Catalog made(home(), storage::Catalog::Access::Write);
  }

 private:
  storage::Home home() const { return storage::Home(folder_->filePath("home").toStdString()); }
  storage::Catalog read() const { return {home(), storage::Catalog::Access::Read}; }

  std::unique_ptr<QTemporaryDir> folder_;
};

CAIRN_TEST(TrainingControllerTest, training_controller)
#include "tst_training_controller.moc"
