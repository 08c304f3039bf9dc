// How a person comes to a comparison: what is offered for a checkpoint, in the inspector and in its menu, and what is
// said of a fifth tick.
#include <QLabel>
#include <QLayout>
#include <QMenu>
#include <QToolButton>

#include "support/home_samples.h"
#include "support/menu_driver.h"
#include "support/picture.h"
#include "support/test_registry.h"
#include "support/timeline_driver.h"
#include "support/window_fixture.h"
#include "ui/checkpoint_names.h"
#include "ui/compare/compare_commands.h"
#include "ui/compare/compare_offers.h"
#include "ui/compare/compare_view.h"
#include "ui/panels/run_facts.h"
#include "ui/panels/tool_strip.h"
#include "ui/theme.h"

using namespace cairn;
using namespace cairn::tests;

class WaysToCompareTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    ui::Theme::instance().setChoice(ui::Theme::Choice::Light);  // the widths are the style's
    fixture_ = std::make_unique<WindowFixture>();
    HomeSamples samples(fixture_->home());
    run_ = samples.addRun({.name = "this & that"});
    for (const int step : {200, 400, 600, 800, 1000}) ids_[step] = samples.addCheckpoint(run_, step);
    samples.catalog.setBest(run_, {400, "val/loss", 0.1});
    branch_ = samples.addRun({.name = "branch", .step = 900, .parentCheckpoint = ids_[600]});
    child_ = samples.addCheckpoint(branch_, 900);
    fixture_->open();
    QTRY_VERIFY(fixture_->window->client().loaded() && fixture_->snapshot()->checkpoint(child_));
  }
  void cleanup() {
    closeMenu();
    fixture_.reset();
  }

  void theLikeliestIsOfferedFirst() {
    const QString newest = "with this & that @ 1,000, the newest of its run";
    QCOMPARE(offers(ids_[200], {}), (QStringList{"with this & that @ 400, the best of its run", newest}));
    QCOMPARE(offers(ids_[400], {}), QStringList{newest});
    QCOMPARE(offers(child_, {}),
             (QStringList{"with this & that @ 600, where its run branched off", "with this & that @ 400, the best of the parent"}));
    // What is ticked comes first, and once.
    QCOMPARE(offers(ids_[200], {ids_[400]}), (QStringList{"with this & that @ 400, ticked", newest}));
    QCOMPARE(offers(ids_[200], {ids_[200]}).size(), 2);
    QCOMPARE(offers(ids_[200], {ids_[200], ids_[800]}).front(), QStringLiteral("the 2 that are ticked"));
    QCOMPARE(offers(ids_[200], {ids_[400], ids_[800]}).mid(0, 2),
             (QStringList{"with the 2 that are ticked", "the 2 that are ticked, without this one"}));
    QCOMPARE(offers(ids_[200], {ids_[400], ids_[600], ids_[800], ids_[1000]}).front(),
             QStringLiteral("the 4 that are ticked, without this one"));
  }

  void theInspectorsButtonComparesInTwoClicks() {
    fixture_->window->selection().selectCheckpoint(branch_, child_);
    QTRY_VERIFY(fixture_->find(QStringLiteral("compareCheckpoint"))->isVisible());
    fixture_->click(QStringLiteral("compareCheckpoint"));
    QTRY_VERIFY(menuOpen());
    auto* first = action(menuOpen(), "Compare with this && that @ 600, where its run branched off");
    picture(*menuOpen(), QStringLiteral("compare-menu"));
    QVERIFY2(first, qPrintable(wordsOf(menuOpen()).join(QLatin1Char('\n'))));
    chooseFrom(menuOpen(), first);
    QTRY_VERIFY(fixture_->window->compare().view().isVisible());
    QCOMPARE(fixture_->window->selection().compared(), (std::vector<std::string>{ids_[600], child_}));
  }

  void theToolBarsButtonStaysWhateverTheWidth() {
    auto* tools = fixture_->window->findChild<ui::ToolStrip*>();
    auto* button = fixture_->find<QToolButton>(QStringLiteral("openCompare"));
    for (const int width : {1400, 1000, 880, 1400}) {
      fixture_->window->resize(width, 640);
      QTRY_COMPARE(tools->width(), width);
      QVERIFY2(tools->layout()->minimumSize().width() <= width, "what stands there would overlap");
      QVERIFY(button->isVisible() && button->text() == QStringLiteral("Compare"));
      int folded = 0;
      for (auto* one : tools->findChildren<QToolButton*>()) folded += one->toolButtonStyle() == Qt::ToolButtonIconOnly;
      QCOMPARE(folded > 0, width < 1400);
    }
  }

  void itTicksToo() {
    fixture_->window->selection().selectCheckpoint(run_, ids_[800]);
    QTRY_VERIFY(fixture_->find(QStringLiteral("compareCheckpoint"))->isVisible());
    fixture_->click(QStringLiteral("compareCheckpoint"));
    QTRY_VERIFY(menuOpen());
    auto* tick = action(menuOpen(), "Tick it, and Ctrl-click others on the timeline");
    QVERIFY(tick);
    chooseFrom(menuOpen(), tick);
    QTRY_COMPARE(fixture_->window->selection().compared(), std::vector<std::string>{ids_[800]});
  }

  void aFifthTickIsSaid() {
    auto& selection = fixture_->window->selection();
    for (const int step : {200, 400, 600, 800}) selection.toggleCompared(ids_[step]);
    QVERIFY(!fixture_->find(QStringLiteral("banner"))->isVisible());
    selection.toggleCompared(ids_[1000]);
    auto* line = fixture_->find(QStringLiteral("banner"))->findChild<QLabel*>(QStringLiteral("bannerText"));
    QVERIFY(line && line->isVisible());
    QVERIFY2(line->text().contains(QStringLiteral("this &amp; that @ 200 is no longer ticked")), qPrintable(line->text()));
    fixture_->window->resize(1000, 640);
    QTest::qWait(80);
    picture(*fixture_->window, QStringLiteral("fifth-tick"));
    selection.toggleCompared(ids_[1000]);
    QTRY_VERIFY(!fixture_->find(QStringLiteral("banner"))->isVisible());  // it is past
  }

  void repeatedStepsAreSaidWhileTheyAreTaken() {
    core::RunRecord run;
    run.step = 112;
    ui::LiveRun live;
    live.run = "r";
    live.state = core::SessionState::Training;
    live.plan.totalSteps = 900;
    live.plan.startStep = 100;
    live.recordedStep = 112;
    live.step = 107;
    QVERIFY(ui::progressOf(run, &live).words.contains(QStringLiteral("107 of 900 steps · repeating 7 of 12")));
    live.step = 112;
    QVERIFY(!ui::progressOf(run, &live).words.contains(QStringLiteral("repeating")));
    live.step = 107;
    live.recordedStep = 0;  // a new run
    QVERIFY(!ui::progressOf(run, &live).words.contains(QStringLiteral("repeating")));
  }

 private:
  QStringList offers(const std::string& checkpoint, const std::vector<std::string>& ticked) const {
    const auto home = fixture_->snapshot();
    QStringList words;
    for (const auto& offer : ui::compareOffers(*home, ticked, *home->checkpoint(checkpoint))) words << offer.words;
    return words;
  }

  std::unique_ptr<WindowFixture> fixture_;
  std::string run_, branch_, child_;
  std::map<int, std::string> ids_;
};

CAIRN_TEST(WaysToCompareTest, ways_to_compare)
#include "tst_ways_to_compare.moc"
