// Interrupted runs in the window: the banner and its list, one click that goes on without a seam, the proof, and data that
// is not what it was.
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeView>

#include "core/run_history.h"
#include "support/test_registry.h"
#include "ui/chart/series_store.h"
#include "ui/panels/run_list_model.h"
#include "ui/support/recovery_fixture.h"

using namespace cairn;
using tests::kRecoveryPatience;
using tests::RecoveryFixture;

class RecoveryTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { fixture_ = std::make_unique<RecoveryFixture>(); }
  void cleanup() { fixture_.reset(); }

  void oneClickGoesOnWithoutASeam() {
    const auto run = fixture_->interrupted(8, 6);
    fixture_->open();
    QTRY_VERIFY(fixture_->bannerText().contains("clusters"));
    QTRY_VERIFY(fixture_->bannerText().contains("s of training earlier"));
    for (const char* words : {"stopped unexpectedly", "at step 8", "last checkpoint is step 6", "repeats those 2 steps exactly"})
      QVERIFY2(fixture_->bannerText().contains(words), qPrintable(fixture_->bannerText()));
    RecoveryFixture::picture(fixture_->window.get(), "interrupted");

    auto& store = ui::SeriesStore::of(fixture_->window->client());
    const auto curve = [&] { return store.curve(run, core::Series::TrainLoss); };
    QTRY_VERIFY(curve() && curve()->size() == 8);
    const auto history = curve()->history();
    std::int64_t last = 8;
    bool jumpedBack = false;
    connect(&store, &ui::SeriesStore::changed, this, [&] {
      if (!curve()) return;
      jumpedBack = jumpedBack || curve()->lastStep() < last;
      last = curve()->lastStep();
    });
    fixture_->clickBanner("Resume");
    QTRY_COMPARE_WITH_TIMEOUT(fixture_->run(run).status, core::RunStatus::Completed, kRecoveryPatience);
    QTRY_COMPARE(curve()->lastStep(), std::int64_t{12});
    QVERIFY(!jumpedBack);
    QCOMPARE(curve()->history(), history);  // nothing that was drawn was taken back
    const auto record = fixture_->jobs.read().metrics(run, core::Series::TrainLoss);
    QCOMPARE(curve()->size(), std::size_t{12});
    QCOMPARE(record.size(), std::size_t{12});
    for (std::size_t i = 0; i < 12; ++i) {
      QCOMPARE(curve()->steps().at(i), static_cast<std::int64_t>(i) + 1);
      QCOMPARE(curve()->raw().at(i), static_cast<float>(record.value[i]));
    }
  }

  void whatIsRepeatedIsSaidMeanwhile() {
    const auto run = fixture_->interrupted(2000, 300, {"training.epochs=700", "checkpoints.every_epochs=100"});
    fixture_->open();
    QTRY_VERIFY(fixture_->bannerButton("Resume"));
    QStringList told;
    connect(&fixture_->window->controller(), &ui::TrainingController::liveChanged, this, [&] {
      const auto words = fixture_->find<QLabel>("runProgress")->text();
      if (words.contains(QStringLiteral("repeating"))) told << words;
    });
    fixture_->clickBanner("Resume");
    QTRY_COMPARE_WITH_TIMEOUT(fixture_->run(run).status, core::RunStatus::Completed, kRecoveryPatience);
    QVERIFY(!told.isEmpty());
    QVERIFY2(told.last().contains(QStringLiteral(" of 1,700")), qPrintable(told.last()));
    QVERIFY(!fixture_->find<QLabel>("runProgress")->text().contains(QStringLiteral("repeating")));
  }

  void theProofIsToldAndStays() {
    const auto run = fixture_->interrupted(8, 6);
    fixture_->open();
    QTRY_VERIFY(fixture_->bannerButton("Resume"));
    QCOMPARE(proofInList(), 0);
    QVERIFY(!fixture_->find("proofBadge")->isVisible());
    fixture_->clickBanner("Resume");
    QTRY_VERIFY_WITH_TIMEOUT(fixture_->bannerText().contains("2 of 2 repeated steps identical."), kRecoveryPatience);
    QTRY_COMPARE_WITH_TIMEOUT(fixture_->run(run).status, core::RunStatus::Completed, kRecoveryPatience);
    QTRY_COMPARE(proofInList(), 1);
    QTRY_VERIFY(fixture_->find("proofBadge")->isVisible());
    QCOMPARE(fixture_->find<QLabel>("proofHeadline")->text(), QStringLiteral("2 of 2 repeated steps identical"));
    QVERIFY(!fixture_->bannerButton("Stop"));
    RecoveryFixture::picture(fixture_->window.get(), "proof");
  }

  void aDifferenceNamesStepValuesAndWhatChanged() {
    const auto run = fixture_->interrupted(8, 6);
    tamperStep7(run);
    fixture_->open();
    QTRY_VERIFY(fixture_->bannerButton("Resume"));
    fixture_->clickBanner("Resume");
    QTRY_COMPARE_WITH_TIMEOUT(fixture_->run(run).status, core::RunStatus::Completed, kRecoveryPatience);
    QTRY_VERIFY(fixture_->bannerText().contains("1 of 2 repeated steps identical"));
    for (const char* words : {"step 7, train/loss: 123 on record", " now. Device, threads", "CPU and data are as they were"})
      QVERIFY2(fixture_->bannerText().contains(words), qPrintable(fixture_->bannerText()));
    QVERIFY(fixture_->bannerButton("Go on") && fixture_->bannerButton("Stop"));
    QTRY_COMPARE(proofInList(), -1);
    QTRY_VERIFY(fixture_->find("proofDetail")->isVisible());
    QVERIFY(fixture_->find<QLabel>("proofDetail")->text().contains("step 7, train/loss: 123 on record"));
    RecoveryFixture::picture(fixture_->window.get(), "difference");
    fixture_->clickBanner("Go on");
    QVERIFY(!fixture_->bannerButton("Go on"));
  }

  void aRunThatDiffersCanBeStopped() {
    const auto run = fixture_->interrupted(8, 6, {"training.epochs=1000000", "checkpoints.every_epochs=0", "checkpoints.every_steps=6"});
    tamperStep7(run);
    fixture_->open();
    QTRY_VERIFY(fixture_->bannerButton("Resume"));
    fixture_->clickBanner("Resume");
    QTRY_VERIFY_WITH_TIMEOUT(fixture_->bannerButton("Stop"), kRecoveryPatience);
    fixture_->clickBanner("Stop");
    QTRY_COMPARE_WITH_TIMEOUT(fixture_->run(run).status, core::RunStatus::Stopped, kRecoveryPatience);
  }

  void severalAreListedInOnePlace() {
    const auto first = fixture_->interrupted(8, 6, {"name=first"});
    const auto second = fixture_->interrupted(5, 3, {"name=second"});
    const auto third = fixture_->interrupted(2, 0, {"name=third"});
    fixture_->open();
    QTRY_VERIFY(fixture_->bannerText().contains("3 runs stopped unexpectedly"));
    QVERIFY(!fixture_->bannerButton("Resume"));
    RecoveryFixture::picture(fixture_->window.get(), "several");
    fixture_->clickBanner("Show list");
    QTRY_VERIFY(button("resume_", second));
    RecoveryFixture::picture(fixture_->find("interruptedList"), "list");
    QTest::mouseClick(button("resume_", second), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(fixture_->run(second).status, core::RunStatus::Completed, kRecoveryPatience);
    QVERIFY(!button("resume_", second));
    QTRY_VERIFY(button("dismiss_", first));
    QTest::mouseClick(button("dismiss_", first), Qt::LeftButton);
    QTRY_VERIFY(!button("resume_", first) && button("show_", third));
    QTest::mouseClick(button("show_", third), Qt::LeftButton);
    QTRY_VERIFY(!fixture_->find("interruptedList"));
    QCOMPARE(fixture_->window->selection().run(), third);
    QVERIFY(fixture_->bannerText().contains("It has no checkpoint yet; resuming begins again at step 0"));
    fixture_->clickBanner("Resume");
    QTRY_COMPARE_WITH_TIMEOUT(fixture_->run(third).status, core::RunStatus::Completed, kRecoveryPatience);
    QCOMPARE(fixture_->run(third).resumeCheck->identical, std::int64_t{2});
  }

  void dismissedStaysDismissed() {
    fixture_->interrupted(8, 6);
    fixture_->open();
    QTRY_VERIFY(fixture_->bannerButton("Dismiss"));
    fixture_->clickBanner("Dismiss");
    QVERIFY(!fixture_->find("banner")->isVisible());
    fixture_->window.reset();
    fixture_->open();
    QTest::qWait(300);
    QVERIFY(!fixture_->find("banner")->isVisible());
  }

  void changedDataIsSaidBeforeAnythingIsDone() {
    const auto run = fixture_->interrupted(8, 6);
    tests::writeClusters(fixture_->data(), 130);
    fixture_->open();
    QTRY_VERIFY(fixture_->bannerButton("Resume"));
    const auto events = fixture_->jobs.read().events(run).size();
    fixture_->clickBanner("Resume");
    QTRY_VERIFY_WITH_TIMEOUT(fixture_->find("dataQuestion"), kRecoveryPatience);
    QCOMPARE(fixture_->jobs.read().events(run).size(), events);
    QCOMPARE(fixture_->run(run).status, core::RunStatus::Interrupted);
    RecoveryFixture::picture(fixture_->find("dataQuestion"), "data-changed");
    fixture_->click("cancelData");
    QTRY_VERIFY(!fixture_->find("dataQuestion"));
    QVERIFY(fixture_->bannerButton("Resume"));

    fixture_->clickBanner("Resume");
    QTRY_VERIFY(fixture_->find("dataQuestion"));
    fixture_->click("goOnChanged");
    QTRY_COMPARE_WITH_TIMEOUT(fixture_->run(run).status, core::RunStatus::Completed, kRecoveryPatience);
    const auto all = fixture_->jobs.read().events(run);
    QVERIFY(std::any_of(all.begin(), all.end(), [](const auto& event) { return event.kind == "data_changed"; }));
    QTRY_VERIFY(fixture_->bannerText().contains("Changed since the checkpoint: data: "));
  }

  void movedDataIsPointedAt() {
    const auto run = fixture_->interrupted(8, 6);
    const auto away = fixture_->jobs.root() / "elsewhere";
    std::filesystem::create_directory(away);
    std::filesystem::rename(fixture_->data(), away / "clusters.csv");
    tests::writeClusters(away / "other.csv", 60);
    fixture_->open();
    QTRY_VERIFY(fixture_->bannerButton("Resume"));
    fixture_->clickBanner("Resume");
    QTRY_VERIFY_WITH_TIMEOUT(fixture_->find("dataQuestion"), kRecoveryPatience);
    QVERIFY(!fixture_->find("goOnChanged")->isVisible());
    RecoveryFixture::picture(fixture_->find("dataQuestion"), "data-missing");
    pointAt(away / "other.csv");
    // That is other data: the question comes again, and nothing was done.
    QTRY_VERIFY(fixture_->find("dataQuestion") && fixture_->find("goOnChanged")->isVisible());
    QCOMPARE(fixture_->run(run).status, core::RunStatus::Interrupted);
    pointAt(away / "clusters.csv");
    QTRY_COMPARE_WITH_TIMEOUT(fixture_->run(run).status, core::RunStatus::Completed, kRecoveryPatience);
    QCOMPARE(std::get<core::CsvData>(fixture_->run(run).spec.data.source).path, (away / "clusters.csv").string());
    QCOMPARE(fixture_->run(run).resumeCheck->identical, std::int64_t{2});
  }

 private:
  int proofInList() const {
    const auto* model = fixture_->find<QTreeView>("runTree")->model();
    return model->index(0, 0).data(ui::RunListModel::ProofRole).toInt();
  }
  QAbstractButton* button(const char* verb, const std::string& run) const {
    auto* list = fixture_->find("interruptedList");
    auto* found = list ? list->findChild<QAbstractButton*>(QLatin1String(verb) + QString::fromStdString(run)) : nullptr;
    return found && found->isVisible() ? found : nullptr;
  }
  /// The record of step 7 says another loss than training comes to.
  void tamperStep7(const std::string& run) const {
    auto catalog = fixture_->jobs.write();
    auto loss = catalog.metrics(run, core::Series::TrainLoss, true, 6);
    catalog.supersedeMetrics(run, 6);
    catalog.appendMetrics(run, std::vector<core::MetricPoint>{{core::Series::TrainLoss, 7, 2, 0.1, 123.0},
                                                              {core::Series::TrainLoss, 8, 2, 0.2, loss.value.back()}});
  }
  /// In the file dialog, by its keys.
  void pointAt(const std::filesystem::path& file) const {
    auto* question = fixture_->find("dataQuestion");
    fixture_->click("pointAtData");
    auto* dialog = question->findChild<QFileDialog*>();
    QVERIFY(dialog);
    auto* name = dialog->findChild<QLineEdit*>("fileNameEdit");
    QVERIFY(name);
    name->setText(QString::fromStdString(file.string()));  // typed, its completer would take the Return
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_VERIFY(fixture_->find("dataQuestion") != question);
  }

  std::unique_ptr<RecoveryFixture> fixture_;
};

CAIRN_TEST(RecoveryTest, recovery)
#include "tst_recovery.moc"
