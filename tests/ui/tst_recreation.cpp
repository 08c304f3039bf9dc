// Steps made again from the window: a pruned checkpoint, any step, with a way out, and never while the run trains.
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>

#include "core/run_history.h"
#include "storage/checkpoint_files.h"
#include "support/test_registry.h"
#include "ui/app/actions.h"
#include "ui/app/run_commands.h"
#include "ui/app/verb_menu.h"
#include "ui/support/form_driver.h"
#include "ui/support/recovery_fixture.h"

using namespace cairn;
using tests::kRecoveryPatience;
using tests::RecoveryFixture;

class RecreationTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { fixture_ = std::make_unique<RecoveryFixture>(); }
  void cleanup() { fixture_.reset(); }

  void aPrunedCheckpointComesBack() {
    const auto run = fixture_->jobs.trained({"checkpoints.keep_last=1", "checkpoints.keep_best=1"});
    fixture_->open();
    const auto pruned = firstPruned(run);
    QVERIFY(!pruned.id.empty());
    fixture_->window->selection().selectCheckpoint(run, pruned.id);
    QTRY_VERIFY(fixture_->find("recreateCheckpoint")->isVisible());
    RecoveryFixture::picture(fixture_->window.get(), "pruned");
    fixture_->click("recreateCheckpoint");
    QTRY_VERIFY_WITH_TIMEOUT(fixture_->bannerText().contains("identical to the record"), kRecoveryPatience);
    QVERIFY2(fixture_->bannerText().contains(QStringLiteral("Step %1 was made again: %1 of %1 repeated steps identical").arg(pruned.step)),
             qPrintable(fixture_->bannerText()));
    RecoveryFixture::picture(fixture_->window.get(), "recreated");
    QTRY_COMPARE(fixture_->snapshot()->checkpoint(pruned.id)->state, core::CheckpointState::Ready);
    const auto back = *fixture_->snapshot()->checkpoint(pruned.id);
    QCOMPARE(back.hash, pruned.hash);
    QVERIFY(storage::readCheckpoint(fixture_->jobs.write().files(), back));
    QVERIFY(!fixture_->find("workLine")->isVisible());
    QCOMPARE(fixture_->run(run).status, core::RunStatus::Completed);
  }

  void anyStepIsAskedFor() {
    const auto run = fixture_->jobs.trained();
    fixture_->open();
    fixture_->window->selection().selectRun(run);
    QTRY_VERIFY(fixture_->window->actions().recreateStep->isEnabled());
    fixture_->window->actions().recreateStep->trigger();
    auto* dialog = fixture_->find("stepDialog");
    QVERIFY(dialog);
    tests::replaceText(dialog->findChild<QSpinBox*>("step")->findChild<QLineEdit*>(), QStringLiteral("8"));
    QVERIFY(dialog->findChild<QLabel*>("cost")->text().startsWith("2 steps are trained again, from step 6"));
    RecoveryFixture::picture(dialog, "step");
    QTest::keyClick(dialog, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(fixture_->bannerText().contains("Step 8 was made again: 2 of 2 repeated steps identical"), kRecoveryPatience);
    QVERIFY(fixture_->bannerText().contains("No state of that step was on record"));
    fixture_->clickBanner("Show");
    const auto shown = fixture_->window->selection().checkpoint();
    QTRY_VERIFY(fixture_->snapshot()->checkpoint(shown));
    QCOMPARE(fixture_->snapshot()->checkpoint(shown)->step, std::int64_t{8});
  }

  void whatDiffersIsSaid() {
    const auto run = fixture_->jobs.trained();
    {
      auto catalog = fixture_->jobs.write();
      catalog.supersedeMetrics(run, 7);
      catalog.appendMetrics(run, std::vector<core::MetricPoint>{{core::Series::TrainLoss, 8, 2, 0.1, 123.0}});
      catalog.setProgress(run, 12, 4);
    }
    fixture_->open();
    fixture_->window->controller().recreate(run, 8);
    QTRY_VERIFY_WITH_TIMEOUT(!fixture_->bannerText().isEmpty(), kRecoveryPatience);
    QVERIFY2(fixture_->bannerText().contains("step 8, train/loss: 123 on record"), qPrintable(fixture_->bannerText()));
  }

  void theMenusOfferIt() {
    const auto run = fixture_->jobs.trained({"checkpoints.keep_last=1", "checkpoints.keep_best=1"});
    fixture_->open();
    const auto home = fixture_->snapshot();
    const auto offered = [&](const core::CheckpointRecord* checkpoint, const char* words) {
      const auto verbs = fixture_->window->commands().verbs().verbsOf({home, home->run(run), checkpoint});
      return std::any_of(verbs.begin(), verbs.end(),
                         [&](const auto& verb) { return verb.words == QString::fromUtf8(words) && verb.why.isEmpty(); });
    };
    QVERIFY(offered(home->checkpoint(firstPruned(run).id), "Recreate"));
    QVERIFY(!offered(home->newestReady(run), "Recreate"));
    QVERIFY(offered(nullptr, "Recreate a step…"));
    QVERIFY(!offered(nullptr, "Rewind…"));  // it ended well: there is nothing to rewind
  }

  void itCanBeCancelled() {
    const auto run = fixture_->jobs.trained({"training.epochs=1500", "checkpoints.every_epochs=0", "optimizer.lr=1e-30"});
    fixture_->open();
    const auto rows = fixture_->snapshot()->checkpointCount();
    QSignalSpy ended(&fixture_->window->controller(), &ui::TrainingController::recreationEnded);
    connect(&fixture_->window->controller(), &ui::TrainingController::sideWorkChanged, this, [this] {
      if (fixture_->find("workLine")->isVisible() && !cancelled_) {
        cancelled_ = true;
        fixture_->click("cancelWork");
      }
    });
    fixture_->window->controller().recreate(run, 4'000);
    QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, kRecoveryPatience);
    QVERIFY(cancelled_);
    QVERIFY(!fixture_->window->controller().busy());
    QVERIFY(!fixture_->find("workLine")->isVisible());
    QVERIFY(!fixture_->find("banner")->isVisible());
    QCOMPARE(fixture_->jobs.read().checkpoints(run).size(), rows);
  }

  void itWaitsForWhatTrainsAndNeverBesidesItsOwnRun() {
    const auto done = fixture_->jobs.trained({"name=done"});
    fixture_->open();
    auto& controller = fixture_->window->controller();
    controller.start(fixture_->jobs.spec({"name=long", "training.epochs=10000000", "checkpoints.every_epochs=0", "optimizer.lr=1e-30"}));
    QTRY_VERIFY_WITH_TIMEOUT(controller.live().step > 0, kRecoveryPatience);
    const auto live = controller.live().run;
    QTRY_VERIFY(fixture_->snapshot()->run(live));
    fixture_->window->selection().selectRun(live);
    QTRY_VERIFY(!fixture_->window->actions().recreateStep->isEnabled());
    controller.recreate(live, 1);
    QTRY_VERIFY(fixture_->bannerText().contains("the run trains"));

    controller.recreate(done, 5);
    QTRY_VERIFY_WITH_TIMEOUT(fixture_->find("workLine")->isVisible(), kRecoveryPatience);
    QTRY_VERIFY(fixture_->find<QLabel>("workWords")->text().contains("waits until nothing trains"));
    RecoveryFixture::picture(fixture_->window.get(), "recreation-waits");
    controller.resume(done, {.epochs = 6});
    QTRY_VERIFY(fixture_->bannerText().contains("a step of that run is being made again"));
    fixture_->window->selection().selectRun(live);
    controller.stop();
    QTRY_VERIFY_WITH_TIMEOUT(fixture_->bannerText().contains("Step 5 was made again: 2 of 2"), kRecoveryPatience);
    QCOMPARE(fixture_->jobs.read().run(done).status, core::RunStatus::Completed);
  }

 private:
  core::CheckpointRecord firstPruned(const std::string& run) const {
    const auto home = fixture_->snapshot();
    for (const auto& row : home->checkpointsOf(run))
      if (row.state == core::CheckpointState::Pruned) return row;
    return {};
  }

  std::unique_ptr<RecoveryFixture> fixture_;
  bool cancelled_ = false;
};

CAIRN_TEST(RecreationTest, recreation)
#include "tst_recreation.moc"
