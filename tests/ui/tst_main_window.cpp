// The whole window, driven by mouse and keys: from an empty home to a trained run, and homes that cannot be opened.
#include <QDialog>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QTreeView>

#include "storage/catalog.h"
#include "support/test_registry.h"
#include "support/window_fixture.h"
#include "ui/app/training_controller.h"
#include "ui/panels/run_section.h"

using namespace cairn;

namespace {
constexpr int kPatience = 30'000;  // milliseconds; the engine is loaded on the way
}

class MainWindowTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void anExampleIsTrainedByAClick() {
    tests::WindowFixture fixture;
    fixture.open();
    QTRY_VERIFY(fixture.window->client().loaded());
    QVERIFY(fixture.find("startPage")->isVisible());
    QTRY_VERIFY(fixture.find("example_line")->isEnabled());
    fixture.click("example_line");
    QTRY_VERIFY_WITH_TIMEOUT(fixture.snapshot()->runs.size() == 1 &&
                                 fixture.snapshot()->runs[0].status == core::RunStatus::Completed,
                             kPatience);
    QVERIFY(!fixture.find("startPage")->isVisible());
    QCOMPARE(fixture.window->selection().run(), fixture.snapshot()->runs[0].id);
    QVERIFY(QFile::exists(QString::fromStdString((fixture.home().root() / "examples" / "line.csv").string())));

    // A run that is trained can be used at once; its newest checkpoint offers what a completed run can do, and takes a note.
    QTRY_VERIFY(fixture.find("predictRun")->isVisible());
    const auto newest = *fixture.snapshot()->newestReady(fixture.window->selection().run());
    fixture.window->selection().selectCheckpoint(newest.run, newest.id);
    QTRY_VERIFY(fixture.find("trainLonger")->isVisible());
    QVERIFY(!fixture.find("resumeCheckpoint")->isVisible());
    QVERIFY(fixture.find("branchCheckpoint")->isVisible());
    QVERIFY(fixture.find("predictCheckpoint")->isVisible());
    QVERIFY(!fixture.find("predictRun")->isVisible());
    QTest::keyClicks(fixture.find<QPlainTextEdit>("note"), "good on 3 vs 8");
    QTRY_COMPARE(fixture.snapshot()->checkpoint(newest.id)->note, std::string("good on 3 vs 8"));
    auto* tag = fixture.find<QLineEdit>("addTag");
    QTest::keyClicks(tag, "keep");
    QTest::keyClick(tag, Qt::Key_Return);
    QTRY_COMPARE(fixture.snapshot()->checkpoint(newest.id)->tags, std::vector<std::string>{"keep"});
    fixture.click("pinCheckpoint");
    QTRY_VERIFY(fixture.snapshot()->checkpoint(newest.id)->pinned);
  }

  void theShortcutsTellOfTheTick() {
    tests::WindowFixture fixture;
    fixture.open();
    for (auto* one : fixture.window->QWidget::actions())
      if (one->text() == QStringLiteral("&Keyboard shortcuts")) one->trigger();
    QStringList words;
    for (const auto* dialog : fixture.window->findChildren<QDialog*>())
      for (const auto* label : dialog->findChildren<QLabel*>()) words << label->text();
    QVERIFY2(words.contains(QStringLiteral("Ctrl+click, or Space")), qPrintable(words.join(QLatin1Char('\n'))));
  }

  void aRunThatIsTrainedLongerShowsItsNewLength() {
    core::RunRecord run;
    run.id = "0123456789abcdef";
    run.spec = core::readRunSpec(CAIRN_SOURCE_DIR "/resources/examples/digits.json");
    run.spec.training.epochs = 8;
    const ui::LiveRun live{.run = run.id};
    ui::RunSection section;
    section.show({}, run, &live, false);
    run.spec.training.epochs = 12;
    section.show({}, run, &live, false);
    QStringList words;
    for (const auto* label : section.findChildren<QLabel*>()) words << label->text();
    QVERIFY(words.contains(QStringLiteral("12 epochs")) && !words.contains(QStringLiteral("8 epochs")));
  }

  void aRunThatStartsIsTheOneShown() {
    tests::WindowFixture fixture;
    fixture.open();
    QTRY_VERIFY(fixture.window->client().loaded());
    fixture.click("example_line");
    QTRY_VERIFY_WITH_TIMEOUT(!fixture.snapshot()->runs.empty() && !fixture.window->controller().busy(), kPatience);
    QTest::keyClick(fixture.window.get(), Qt::Key_Home, Qt::ControlModifier);
    QTRY_VERIFY(fixture.find("example_iris")->isVisible());
    fixture.click("example_iris");
    QTRY_VERIFY_WITH_TIMEOUT(fixture.snapshot()->runs.size() == 2 && !fixture.window->controller().busy(), kPatience);
    QCOMPARE(fixture.window->selection().run(), fixture.snapshot()->runs[1].id);
    auto* tree = fixture.find<QTreeView>("runTree");
    QTRY_COMPARE(tree->currentIndex().data().toString(), QStringLiteral("iris"));
    QVERIFY(tree->selectionModel()->isSelected(tree->currentIndex()));
    // Another of the same name is told apart.
    QTest::keyClick(fixture.window.get(), Qt::Key_Home, Qt::ControlModifier);
    QTRY_VERIFY(fixture.find("example_iris")->isVisible());
    fixture.click("example_iris");
    QTRY_VERIFY_WITH_TIMEOUT(fixture.snapshot()->runs.size() == 3 && !fixture.window->controller().busy(), kPatience);
    QCOMPARE(fixture.snapshot()->runs[2].name, std::string("iris 2"));
  }

  void theFilterNarrowsTheRuns() {
    tests::WindowFixture fixture;
    fixture.open();
    QTRY_VERIFY(fixture.window->client().loaded());
    fixture.click("example_line");
    QTRY_VERIFY_WITH_TIMEOUT(!fixture.snapshot()->runs.empty() && !fixture.window->controller().busy(), kPatience);
    auto* tree = fixture.find<QTreeView>("runTree");
    QTRY_COMPARE(tree->model()->rowCount(), 1);
    QTest::keyClick(fixture.window.get(), Qt::Key_F, Qt::ControlModifier);
    auto* filter = fixture.find<QLineEdit>("runFilter");
    QTest::keyClicks(filter, "nothing-like-it");
    QCOMPARE(tree->model()->rowCount(), 0);
    filter->clear();
    QTest::keyClicks(filter, "lr<1");
    QCOMPARE(tree->model()->rowCount(), 1);
  }

  void closingWhileItTrainsAsksAndSaves() {
    tests::WindowFixture fixture;
    fixture.open();
    QTRY_VERIFY(fixture.window->client().loaded());
    auto spec = core::readRunSpec(CAIRN_SOURCE_DIR "/resources/examples/line.json");
    spec = core::withSettings(spec, {"training.epochs=10000000", "checkpoints.every_epochs=0", "optimizer.lr=1e-30"});
    fixture.window->controller().start(spec);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.window->controller().live().step > 0, kPatience);
    fixture.window->close();
    QVERIFY(fixture.window->isVisible());
    QTRY_VERIFY(fixture.find<QMessageBox>("closeQuestion"));
    fixture.click("saveAndQuit");
    QTRY_VERIFY_WITH_TIMEOUT(!fixture.window->isVisible(), kPatience);
    storage::Catalog catalog(fixture.home(), storage::Catalog::Access::Read);
    const auto run = catalog.runs().at(0);
    QCOMPARE(run.status, core::RunStatus::Stopped);
    QCOMPARE(catalog.newestReady(run.id)->step, run.step);
  }

  void aHomeThatIsNotSqliteIsExplained() {
    tests::WindowFixture fixture;
    QDir().mkpath(QString::fromStdString(fixture.home().root().string()));
    QFile file(QString::fromStdString(fixture.home().catalog().string()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(8192, 'x'));
    file.close();
    fixture.open();
    QTRY_VERIFY(fixture.find("homeErrorPage")->isVisible());
    QVERIFY(fixture.find<QLabel>("homeErrorWhy")->text().contains("catalog.sqlite"));
    QVERIFY(file.remove());
    fixture.click("retryHome");
    QTRY_VERIFY(fixture.find("startPage")->isVisible());
  }
};

CAIRN_TEST(MainWindowTest, main_window)
#include "tst_main_window.moc"
