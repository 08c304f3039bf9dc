// After a NaN or a spike: the way back to the newest good checkpoint, in one click or with a choice.
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "support/test_registry.h"
#include "ui/recovery/rewind_dialog.h"
#include "ui/recovery/rewind_plan.h"
#include "ui/support/form_driver.h"
#include "ui/support/recovery_fixture.h"

using namespace cairn;
using tests::kRecoveryPatience;
using tests::RecoveryFixture;

class RewindTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { fixture_ = std::make_unique<RecoveryFixture>(); }
  void cleanup() { fixture_.reset(); }

  void aSpikeStandsOutOfWhatWasBefore() {
    QVERIFY(ui::isSpike(std::nan(""), {}));
    QVERIFY(!ui::isSpike(100, {0.1, 0.1}));  // two say nothing
    QVERIFY(ui::isSpike(0.5, {0.1, 0.12, 0.09}));
    QVERIFY(!ui::isSpike(0.2, {0.1, 0.12, 0.09}));
    std::vector<core::CheckpointRecord> newestFirst;
    for (const double loss : {9.0, 7.0, 0.11, 0.1, 0.12, 0.15}) {
      core::CheckpointRecord record;
      record.loss = loss;
      newestFirst.push_back(record);
    }
    QCOMPARE(ui::newestGood(newestFirst), std::size_t{2});
  }

  void aRunThatEndedWellIsNotRewound() {
    ui::HomeSnapshot home;
    core::RunRecord run;
    run.id = "a";
    run.status = core::RunStatus::Completed;
    const auto put = [&](std::vector<double> losses) {
      std::vector<core::CheckpointRecord> own;
      for (const double loss : losses) {
        core::CheckpointRecord record;
        record.id = std::to_string(own.size());
        record.run = run.id;
        record.step = static_cast<std::int64_t>(own.size());
        record.loss = loss;
        own.push_back(record);
      }
      home.checkpoints[run.id] = std::make_shared<const std::vector<core::CheckpointRecord>>(std::move(own));
    };
    put({});
    QVERIFY(ui::whyNotRewind(home, run).contains(QStringLiteral("no checkpoint")));
    put({0.3, 0.2, 0.1, 0.11, 0.1});
    QVERIFY(ui::whyNotRewind(home, run).contains(QStringLiteral("branch")));
    put({0.3, 0.2, 0.1, 0.11, 0.9});
    QVERIFY(ui::whyNotRewind(home, run).isEmpty());  // a spike at its end
    put({0.3, 0.2, 0.1});
    run.status = core::RunStatus::Stopped;
    QVERIFY(ui::whyNotRewind(home, run).isEmpty());
  }

  void theLrIsShownInAFewDigits() {
    core::RunRecord run;
    run.spec = fixture_->jobs.spec({});
    core::CheckpointRecord checkpoint;
    checkpoint.metrics["lr"] = 6.688442621169866e-06;
    ui::RewindDialog dialog(run, {checkpoint}, 0, false);
    auto* line = dialog.findChild<QLineEdit*>("rewindLr");
    QCOMPARE(line->text(), QStringLiteral("6.688e-07"));
    QCOMPARE(dialog.options().lr, std::optional(ui::suggestedLr(6.688442621169866e-06)));  // and used with all
    QTest::mouseClick(dialog.findChild<QPushButton*>("lrSame"), Qt::LeftButton);
    QVERIFY(dialog.findChild<QLabel*>("rewindMeaning")->text().contains("the very same steps"));
    tests::replaceText(line, QStringLiteral("1e-6"));
    QCOMPARE(dialog.options().lr, std::optional(1e-6));
  }

  void oneClickGoesBackAlsoAfterARestart() {
    const auto run = fixture_->diverged();
    QVERIFY(!run.empty());
    fixture_->open();
    QTRY_VERIFY2(fixture_->bannerText().contains("Its newest good checkpoint is step 6."), qPrintable(fixture_->bannerText()));
    RecoveryFixture::picture(fixture_->window.get(), "diverged");
    fixture_->clickBanner("Rewind with lr 0.001");
    QVERIFY(!fixture_->bannerButton("Rewind with lr 0.001"));
    QTRY_VERIFY_WITH_TIMEOUT(branchOf(run) && branchOf(run)->status == core::RunStatus::Completed, kRecoveryPatience);
    const auto branch = *branchOf(run);
    QCOMPARE(branch.parentStep, std::int64_t{6});
    QCOMPARE(branch.name, std::string("clusters, lr 0.01 → 0.001"));
    QCOMPARE(fixture_->jobs.read().metrics(branch.id, core::Series::Lr).value.front(), 0.001);
    QCOMPARE(fixture_->run(run).status, core::RunStatus::Failed);  // it stays as it is
    // A branch was made: it is not told of again.
    fixture_->window.reset();
    fixture_->open();
    QTest::qWait(300);
    QVERIFY(!fixture_->bannerText().contains("newest good"));
  }

  void aChoiceOfCheckpointAndLr() {
    const auto run = fixture_->diverged();
    fixture_->open();
    QTRY_VERIFY(fixture_->bannerButton("Choose…"));
    fixture_->clickBanner("Choose…");
    auto* dialog = fixture_->find("rewindDialog");
    QVERIFY(dialog);
    auto* lr = dialog->findChild<QLineEdit*>("rewindLr");
    QCOMPARE(lr->text(), QStringLiteral("0.001"));
    auto* where = dialog->findChild<QComboBox*>("rewindTo");
    QCOMPARE(where->count(), 2);
    QVERIFY(where->currentText().contains("the newest good one"));
    RecoveryFixture::picture(dialog, "rewind");
    auto* meaning = dialog->findChild<QLabel*>("rewindMeaning");
    QTest::mouseClick(dialog->findChild<QPushButton*>("lrSame"), Qt::LeftButton);
    QVERIFY(meaning->text().contains("the very same steps"));
    tests::replaceText(lr, QStringLiteral("fast"));
    QVERIFY(!dialog->findChild<QPushButton*>("rewind")->isEnabled());
    where->setFocus();
    QTest::keyClick(where, Qt::Key_Down);
    tests::replaceText(lr, QStringLiteral("0.002"));
    QTest::mouseClick(dialog->findChild<QPushButton*>("rewind"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(branchOf(run) && branchOf(run)->status == core::RunStatus::Completed, kRecoveryPatience);
    QCOMPARE(branchOf(run)->parentStep, std::int64_t{3});
    QCOMPARE(fixture_->jobs.read().metrics(branchOf(run)->id, core::Series::Lr).value.front(), 0.002);
  }

  void aRunningRunIsStoppedFirst() {
    fixture_->open();
    auto& controller = fixture_->window->controller();
    controller.start(fixture_->jobs.spec({"training.epochs=10000000", "checkpoints.every_epochs=0", "optimizer.lr=1e-30"}));
    QTRY_VERIFY_WITH_TIMEOUT(controller.live().step > 0, kRecoveryPatience);
    const auto run = controller.live().run;
    controller.checkpointNow();
    QTRY_VERIFY_WITH_TIMEOUT(fixture_->snapshot()->newestReady(run), kRecoveryPatience);
    QTRY_VERIFY(fixture_->find("rewindRun")->isVisible());
    fixture_->click("rewindRun");
    auto* dialog = fixture_->find("rewindDialog");
    QVERIFY(dialog);
    QVERIFY(dialog->findChild<QLabel*>("rewindMeaning")->text().contains("stopped first"));
    QTest::keyClick(dialog, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(branchOf(run) && controller.trains(branchOf(run)->id), kRecoveryPatience);
    QTRY_COMPARE(fixture_->run(run).status, core::RunStatus::Stopped);
    controller.stop();
    QTRY_VERIFY_WITH_TIMEOUT(!controller.busy(), kRecoveryPatience);
  }

  void withoutACheckpointItStartsOver() {
    auto job = training::Job::train(fixture_->jobs.home(), fixture_->jobs.spec({R"(optimizer={"type": "SGD", "lr": 1e300})"}));
    tests::CountingSink sink;
    job->start(sink);
    QVERIFY_EXCEPTION_THROWN(job->wait(), Error);
    job.reset();
    fixture_->open();
    QTRY_VERIFY2(fixture_->bannerButton("Start over with lr 1e+299"), qPrintable(fixture_->bannerText()));
    fixture_->clickBanner("Dismiss");
    QVERIFY(!fixture_->find("banner")->isVisible());
    fixture_->window.reset();
    fixture_->open();
    QTest::qWait(300);
    QVERIFY(!fixture_->find("banner")->isVisible());
  }

 private:
  const core::RunRecord* branchOf(const std::string& run) const {
    held_ = fixture_->snapshot();
    for (const auto& other : held_->runs)
      if (other.parentRun == run) return &other;
    return nullptr;
  }

  std::unique_ptr<RecoveryFixture> fixture_;
  mutable ui::HomeSnapshotPtr held_;
};

CAIRN_TEST(RewindTest, rewind)
#include "tst_rewind.moc"
