// The one menu of what can be done with a run or checkpoint: on the timeline, in the run list, in the inspector.
#include <QApplication>
#include <QContextMenuEvent>
#include <QMenu>
#include <QPlainTextEdit>
#include <QTreeView>

#include "support/home_samples.h"
#include "support/menu_driver.h"
#include "support/test_registry.h"
#include "support/timeline_driver.h"
#include "support/window_fixture.h"

using namespace cairn;
using namespace cairn::tests;

class VerbMenuTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    fixture_ = std::make_unique<WindowFixture>();
    HomeSamples samples(fixture_->home());
    run_ = samples.addRun({});
    for (const int step : {200, 400, 600}) checkpoints_[step] = samples.addCheckpoint(run_, step);
    samples.catalog.setCheckpointState(checkpoints_[200], core::CheckpointState::Pruned);
    done_ = samples.addRun({.name = "done", .status = core::RunStatus::Completed});
    last_ = samples.addCheckpoint(done_, 1000);
    mean_ = samples.addRun({.name = "mean", .status = core::RunStatus::Paused, .step = 2000});  // its limit
    meanCheckpoint_ = samples.addCheckpoint(mean_, 2000, {.kind = core::CheckpointKind::Averaged});
    fixture_->open();
    QTRY_VERIFY(fixture_->window->client().loaded());
    fixture_->window->selection().selectRun(run_);
    auto* timeline = fixture_->window->findChild<ui::TimelinePanel*>();
    QTRY_VERIFY(placed(*timeline, checkpoints_[600]));
  }
  void cleanup() { fixture_.reset(); }

  void whatTheIssueNamesIsThere() {
    const auto* menu = onTimeline(600);
    for (const char* verb : {"Resume", "Branch from here…", "Train longer…", "Predict…", "Tick to compare", "Inspect the file…",
                             "Copy Python snippet", "Verify the file", "Pin", "Note and tags…", "Move to trash"}) {
      QVERIFY2(action(menu, verb), verb);
    }
    QVERIFY(action(menu, "Resume")->isEnabled() && action(menu, "Branch from here…")->isEnabled());
    QVERIFY(!action(menu, "Train longer…")->isEnabled());
    QVERIFY(action(menu, "Train longer…")->toolTip().contains(QStringLiteral("resume it")));
    QVERIFY(menu->toolTipsVisible());
  }

  void anEarlierCheckpointBranchesAndDoesNotResume() {
    const auto* menu = onTimeline(400);
    QVERIFY(!action(menu, "Resume")->isEnabled());
    QVERIFY2(action(menu, "Resume")->toolTip().contains(QStringLiteral("600")), qPrintable(action(menu, "Resume")->toolTip()));
    QVERIFY(action(menu, "Branch from here…")->isEnabled());
  }

  void aPrunedOneSaysWhy() {
    const auto* menu = onTimeline(200);
    for (const char* verb : {"Branch from here…", "Predict…", "Copy Python snippet"}) {
      QVERIFY2(!action(menu, verb)->isEnabled(), verb);
      QVERIFY2(action(menu, verb)->toolTip().contains(QStringLiteral("recreate")), verb);
    }
    QVERIFY(!action(menu, "Move to trash")->isEnabled());
    QVERIFY(action(menu, "Move to trash")->toolTip().contains(QStringLiteral("no file left")));
  }

  void aCompletedRunIsTrainedLonger() {
    fixture_->window->selection().selectCheckpoint(done_, last_);
    QTRY_VERIFY(placed(timeline(), last_));
    const auto* menu = openOn(timeline(), pointOf(*placed(timeline(), last_)));
    QVERIFY(action(menu, "Train longer…")->isEnabled());
    QVERIFY(!action(menu, "Resume")->isEnabled());
    QVERIFY(action(menu, "Resume")->toolTip().contains(QStringLiteral("complete")));
  }

  void aPausedRunAtItsLimitIsTrainedLonger() {
    fixture_->window->selection().selectCheckpoint(mean_, meanCheckpoint_);
    QTRY_VERIFY(placed(timeline(), meanCheckpoint_));
    const auto* menu = openOn(timeline(), pointOf(*placed(timeline(), meanCheckpoint_)));
    QVERIFY(action(menu, "Train longer…")->isEnabled() && action(menu, "Branch from here…")->isEnabled());
    QVERIFY(!action(menu, "Resume")->isEnabled());
    QVERIFY(action(menu, "Resume")->toolTip().contains(QStringLiteral("at its limit")));
    closeMenu();
    for (const char* name : {"trainLonger", "branchCheckpoint"}) QVERIFY2(fixture_->find(QString::fromLatin1(name))->isVisible(), name);
    QVERIFY(!fixture_->find(QStringLiteral("resumeCheckpoint"))->isVisible());
    fixture_->window->selection().selectCheckpoint(mean_, {});
    QTRY_VERIFY(fixture_->find(QStringLiteral("trainRunLonger"))->isVisible());
    QVERIFY(!fixture_->find(QStringLiteral("resumeRun"))->isVisible());
  }

  void aClickDoesIt() {
    auto* menu = onTimeline(400);
    chooseFrom(menu, action(menu, "Pin"));
    QTRY_VERIFY(fixture_->snapshot()->checkpoint(checkpoints_[400])->pinned);
    QVERIFY(action(onTimeline(400), "Unpin"));
  }

  void theInspectorsButtonsOpenTheSame() {
    const auto wanted = wordsOf(onTimeline(400));
    QTRY_COMPARE(fixture_->window->selection().checkpoint(), checkpoints_[400]);
    fixture_->click(QStringLiteral("moreCheckpoint"));
    QTRY_COMPARE(wordsOf(menuOpen()), wanted);
    closeMenu();
    fixture_->click(QStringLiteral("moreRun"));
    QTRY_VERIFY(menuOpen());
    QVERIFY(action(menuOpen(), "Rename…") && action(menuOpen(), "Start over with these settings…"));
  }

  void theRunListsMenuIsTheRunsAndSoIsALanes() {
    auto* tree = fixture_->find<QTreeView>(QStringLiteral("runTree"));
    const auto row = tree->currentIndex();
    const auto* menu = openOn(*tree->viewport(), tree->visualRect(row).center());
    const auto words = wordsOf(menu);
    QVERIFY(words.contains(QStringLiteral("Rename…")) && words.contains(QStringLiteral("Resume")));
    closeMenu();
    const auto mark = pointOf(*placed(timeline(), checkpoints_[600]));
    QCOMPARE(wordsOf(openOn(timeline(), mark + QPoint(40, 0))), words);
  }

  void noteAndTagsGoesToTheNote() {
    auto* menu = onTimeline(600);
    chooseFrom(menu, action(menu, "Note and tags…"));
    auto* note = fixture_->find<QPlainTextEdit>(QStringLiteral("note"));
    QTRY_COMPARE(QApplication::focusWidget(), note);
    QTest::keyClicks(note, "good on 3 vs 8");
    QTRY_COMPARE(fixture_->snapshot()->checkpoint(checkpoints_[600])->note, std::string("good on 3 vs 8"));
  }

  void aKeyOpensIt() {
    fixture_->window->selection().selectCheckpoint(run_, checkpoints_[600]);
    closeMenu();
    QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(3, 3), timeline().mapToGlobal(QPoint(3, 3)));
    QCoreApplication::sendEvent(&timeline(), &event);
    QTRY_VERIFY(menuOpen() && action(menuOpen(), "Branch from here…"));
  }

 private:
  ui::TimelinePanel& timeline() { return *fixture_->window->findChild<ui::TimelinePanel*>(); }
  QMenu* onTimeline(int step) { return openOn(timeline(), pointOf(*placed(timeline(), checkpoints_[step]))); }

  std::unique_ptr<WindowFixture> fixture_;
  std::string run_, done_, last_, mean_, meanCheckpoint_;
  std::map<int, std::string> checkpoints_;
};

CAIRN_TEST(VerbMenuTest, verb_menu)
#include "tst_verb_menu.moc"
