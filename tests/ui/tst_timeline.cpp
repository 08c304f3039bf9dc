// The timeline as a person uses it: gathered marks open, signs of events tell what befell a run, keys walk, the wheel and
// the mouse move it, many lanes scroll.
#include <QApplication>
#include <QDir>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTest>
#include <QWheelEvent>
#include <algorithm>

#include "support/curves_fixture.h"
#include "support/menu_driver.h"
#include "support/test_registry.h"
#include "support/timeline_driver.h"
#include "ui/chart/qcustomplot_face.h"
#include "ui/theme.h"
#include "ui/timeline/timeline_lanes.h"

using namespace cairn;
using namespace cairn::ui;
using namespace cairn::tests;

namespace {
const std::string kParent = "aaaaaaaaaaaaaaaa", kBranch = "bbbbbbbbbbbbbbbb", kOther = "cccccccccccccccc";

std::string idOf(const std::string& run, int step) { return CurvesFixture::checkpointId(run, step); }

const PlacedMark* gathered(const TimelineGeometry& geometry) {
  for (const auto& mark : geometry.marks) {
    if (mark.gathered()) return &mark;
  }
  return nullptr;
}

/// Sent as such: where the cursor of the offscreen platform is, is another matter.
void moveTo(QWidget& widget, QPointF at) {
  QMouseEvent moved(QEvent::MouseMove, at, widget.mapToGlobal(at), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
  QCoreApplication::sendEvent(&widget, &moved);
}

QStringList rowsOf(const ValueCard& card) {
  QStringList rows;
  for (const auto& row : card.rows) rows << row.name + (row.value.isEmpty() ? QString() : QStringLiteral(": ") + row.value);
  return rows;
}

/// The mean of two others, as the first checkpoint of a run of its own.
std::string addMean(CurvesFixture& f, const std::vector<std::string>& parents) {
  core::RunRecord run;
  run.id = "eeeeeeeeeeeeeeee";
  run.name = "mean";
  run.spec = f.client->snapshot()->run(kParent)->spec;
  core::CheckpointRecord mean;
  mean.id = "eeeeeeee00003000";
  mean.run = run.id;
  mean.step = 3000;
  mean.kind = core::CheckpointKind::Averaged;
  mean.parents = parents;
  mean.path = "none";
  f.client->command([run, mean](storage::Catalog& catalog) {
    catalog.insertRun(run);
    catalog.insertCheckpoint(mean);
    catalog.appendEvent(run.id, {3000, "averaged", R"({"parents": []})", "2026-11-23T20:00:00.000Z"});
  });
  return mean.id;
}

void grab(QWidget& widget, const char* name) {
  const auto folder = qEnvironmentVariable("CAIRN_PICTURES");
  if (!folder.isEmpty()) widget.grab().save(QDir(folder).filePath(QString::fromLatin1(name) + QStringLiteral(".png")));
}
}  // namespace

class TimelineTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void cleanup() { closeMenu(); }

  void aClickOpensWhatIsGathered() {
    CurvesFixture f;
    f.open({kParent});
    f.axis.setRange(-20'000, 60'000);
    const auto geometry = f.timeline->geometryNow();
    const auto* group = gathered(geometry);
    QVERIFY(group);
    const auto first = f.timeline->lanes()[0].marks[group->first].step;
    const auto last = f.timeline->lanes()[0].marks[group->first + group->count - 1].step;
    const auto at = pointOf(*group);
    QTest::mouseClick(f.timeline, Qt::LeftButton, {}, at);
    QVERIFY(f.axis.lower() < static_cast<double>(first) && f.axis.upper() > static_cast<double>(last));
    const auto opened = f.timeline->geometryNow();
    std::size_t apart = 0;
    for (const auto& mark : opened.marks) {
      const auto step = f.timeline->lanes()[0].marks[mark.shown].step;
      if (step < first || step > last) continue;
      QCOMPARE(mark.count, std::size_t{1});
      ++apart;
    }
    QCOMPARE(apart, group->count);
    QVERIFY(f.selection.checkpoint().empty());  // opening chooses none of them
    // The second click of a double click belongs to the first.
    const double lower = f.axis.lower();
    QTest::mouseDClick(f.timeline, Qt::LeftButton, {}, at);
    QCOMPARE(f.axis.lower(), lower);
  }

  void zoomOpensToo() {
    CurvesFixture f;
    f.open({kParent});
    f.axis.setRange(-20'000, 60'000);
    QVERIFY(gathered(f.timeline->geometryNow()));
    f.axis.setRange(0, 5600);
    QVERIFY(!gathered(f.timeline->geometryNow()));
  }

  void marksInOnePlaceAreListed() {
    CurvesFixture f;
    f.open({kParent});
    core::CheckpointRecord twin;
    twin.id = "dddddddddddddddd";
    twin.run = kParent;
    twin.step = 2400;
    twin.kind = core::CheckpointKind::Manual;
    twin.path = "none";
    twin.metrics = {{"val/loss", 0.25}};
    f.client->command([twin](storage::Catalog& catalog) { catalog.insertCheckpoint(twin); });
    QTRY_VERIFY(f.client->snapshot()->checkpoint(twin.id));
    f.axis.setRange(2300, 2500);
    QTRY_VERIFY(placed(*f.timeline, twin.id));
    const auto both = *placed(*f.timeline, twin.id);
    QCOMPARE(both.count, std::size_t{2});
    QTest::mouseClick(f.timeline, Qt::LeftButton, {}, pointOf(both));
    QCOMPARE(f.selection.checkpoint(), twin.id);  // the other is pruned: it stands behind this one
    QTest::mouseDClick(f.timeline, Qt::LeftButton, {}, pointOf(both));
    auto* menu = menuOpen();
    QVERIFY(menu);
    QCOMPARE(menu->actions().size(), 2);
    QCOMPARE(menu->actions()[1]->text(), QStringLiteral("step 2,400 · val 0.25 · manual"));
    chooseFrom(menu, menu->actions()[0]);
    QTRY_COMPARE(f.selection.checkpoint(), idOf(kParent, 2400));
  }

  void aDoubleClickZoomsToIt() {
    CurvesFixture f;
    f.open({kParent});
    const auto mark = placed(*f.timeline, idOf(kParent, 3900));
    QVERIFY(mark);
    QTest::mouseClick(f.timeline, Qt::LeftButton, {}, pointOf(*mark));
    QTest::mouseDClick(f.timeline, Qt::LeftButton, {}, pointOf(*mark));
    QCOMPARE((f.axis.lower() + f.axis.upper()) / 2, 3900.0);
    QVERIFY(f.axis.upper() - f.axis.lower() <= 2400 + 1);  // eight gaps of 300
    QTRY_COMPARE(f.chart->plot().xAxis->range().lower, f.axis.lower());  // one axis
    QTest::mouseDClick(f.timeline, Qt::LeftButton, {}, QPoint(400, f.timeline->height() - 40));
    QVERIFY(f.axis.follows());
  }

  void signsOfEventsTellWhatBefell() {
    CurvesFixture f;
    f.open({kParent, kBranch});
    const auto& events = f.timeline->lanes()[0].events;
    QCOMPARE(events.size(), std::size_t{3});
    QCOMPARE(events[0].words, QStringLiteral("lr 0.01 → 0.003"));
    QCOMPARE(events[1].words, QStringLiteral("went on from step 4,200; threads: 1, now 2"));
    QCOMPARE(events[1].sign, EventSign::Recovered);
    QCOMPARE(events[2].sign, EventSign::Crashed);
    const auto geometry = f.timeline->geometryNow();
    QCOMPARE(geometry.events.size(), std::size_t{3});  // the crash and the going on share a place
    const auto* crash = eventAt(geometry, geometry.events[1].x, geometry.events[1].y);
    QVERIFY(crash);
    QCOMPARE(crash->count, std::size_t{2});
    QCOMPARE(crash->sign, EventSign::Crashed);
    const auto card = eventCard(f.timeline->lanes()[0], *crash);
    QCOMPARE(card.title, QStringLiteral("digits-cnn"));
    QCOMPARE(card.rows.size(), std::size_t{2});
    QCOMPARE(card.rows[1].value, QStringLiteral("stopped unexpectedly"));
    // The card is painted under the pointer.
    const auto before = f.timeline->grab().toImage();
    moveTo(*f.timeline, {crash->x, crash->y});
    QVERIFY(f.axis.crossHair());
    QVERIFY(f.timeline->grab().toImage() != before);
    grab(*f.window, "events");
  }

  void aCardTellsOfTheMarkUnderThePointer() {
    CurvesFixture f;
    f.open({kParent});
    const auto mark = placed(*f.timeline, idOf(kParent, 3000));
    QVERIFY(mark);
    moveTo(*f.timeline, QPointF(mark->x, mark->y) + QPointF(0, 60));  // the cross-hair alone
    QVERIFY(!f.window->findChild<QWidget*>("floatingCard"));
    moveTo(*f.timeline, QPointF(mark->x, mark->y));
    const auto* floating = f.window->findChild<QWidget*>("floatingCard");
    QVERIFY(floating && floating->isVisible());
    const auto lane = static_cast<int>(mark->y);  // neither the mark nor its neighbours are covered
    const QRect band(f.timeline->mapTo(f.window.get(), QPoint(0, lane - 12)), QSize(f.timeline->width(), 24));
    QVERIFY(!floating->geometry().intersects(band));
    QVERIFY(f.window->rect().contains(floating->geometry()));
    grab(*f.window, "card");
    moveTo(*f.timeline, QPointF(mark->x, mark->y) + QPointF(0, 60));
    QVERIFY(!floating->isVisible());
    const auto home = f.client->snapshot();
    const auto& plain = *home->checkpoint(idOf(kParent, 3000));
    QCOMPARE(checkpointCard(*home, plain, 0).title, QStringLiteral("step 3,000 · epoch 6"));
    const auto own = home->checkpointsOf(kParent);
    const auto found = std::find_if(own.begin(), own.end(), [](const auto& one) { return one.roles.contains("best"); });
    QVERIFY(found != own.end());
    const auto best = checkpointCard(*home, *found, 0);
    QCOMPARE(best.rows.front().name, QStringLiteral("digits-cnn"));
    const auto starred = std::count_if(best.rows.begin(), best.rows.end(), [](const auto& row) { return row.star; });
    QCOMPARE(starred, 1);
    QVERIFY(rowsOf(best).contains(QStringLiteral("State: saved")));
    const auto pruned = rowsOf(checkpointCard(*home, *home->checkpoint(idOf(kParent, 600)), 3));
    QVERIFY(pruned.contains(QStringLiteral("State: pruned: can be recreated")));
    QCOMPARE(pruned.back(), QStringLiteral("and 3 more here: click to see them"));
    QVERIFY(pruned.filter(QStringLiteral("File")).isEmpty());
  }

  void anAverageIsTiedToItsParents() {
    CurvesFixture f;
    f.open({kParent, kBranch});
    const auto first = idOf(kParent, 2700), second = idOf(kBranch, 2700);
    const auto mean = addMean(f, {first, second, "gone"});
    QTRY_VERIFY(f.client->snapshot()->checkpoint(mean));
    f.timeline->setShownRuns({kParent, kBranch, "eeeeeeeeeeeeeeee"});
    QTRY_COMPARE(f.timeline->lanes().size(), std::size_t{3});
    const auto geometry = f.timeline->geometryNow();
    QCOMPARE(geometry.origins.size(), std::size_t{2});
    for (std::size_t i = 0; i < 2; ++i) {
      const auto parent = placed(*f.timeline, i == 0 ? first : second);
      const auto own = placed(*f.timeline, mean);
      QVERIFY(parent && own);
      const auto& line = geometry.origins[i];
      QCOMPARE(QPointF(line.xFrom, line.yFrom), QPointF(parent->x, parent->y));
      QCOMPARE(QPointF(line.xTo, line.yTo), QPointF(own->x, own->y));
    }
    QVERIFY(f.timeline->lanes()[2].events.empty());  // how it began is to be seen
    const auto home = f.client->snapshot();
    const auto rows = rowsOf(checkpointCard(*home, *home->checkpoint(mean), 0));
    QCOMPARE(rows.filter(QStringLiteral("Mean of: ")),
             (QStringList{QStringLiteral("Mean of: digits-cnn @ 2,700"), QStringLiteral("Mean of: lr 0.003 @ 2,700"),
                          QStringLiteral("Mean of: a checkpoint that is not on record")}));
    f.selection.selectCheckpoint("eeeeeeeeeeeeeeee", mean);
    grab(*f.window, "average");
    f.timeline->setShownRuns({kParent, "eeeeeeeeeeeeeeee"});  // the line to what is not shown is not either
    QTRY_COMPARE(f.timeline->geometryNow().origins.size(), std::size_t{1});
  }

  void whatIsSelectedElsewhereIsBroughtIntoSight() {
    CurvesFixture f;
    f.open({kParent, kBranch, kOther}, {1100, 420});
    auto* bar = f.timeline->findChild<QScrollBar*>();
    QTRY_VERIFY(bar->isVisible() && bar->maximum() > 0);
    f.axis.setRange(300, 900);
    QVERIFY(!placed(*f.timeline, idOf(kOther, 4800)));
    f.selection.selectCheckpoint(kOther, idOf(kOther, 4800));
    const auto seen = placed(*f.timeline, idOf(kOther, 4800));
    QVERIFY(seen && seen->y < f.timeline->height() - 28);
    QCOMPARE(f.axis.upper() - f.axis.lower(), 600.0);  // panned, not zoomed
    QVERIFY(bar->value() > 0);
    // What a person moves to afterwards stays, and so does what is clicked here.
    f.axis.setRange(300, 900);
    bar->setValue(7);
    f.timeline->setShownRuns({kParent, kBranch, kOther});
    QTest::qWait(80);
    QCOMPARE(f.axis.lower(), 300.0);
    const auto here = placed(*f.timeline, idOf(kParent, 300));
    QVERIFY(here);
    QTest::mouseClick(f.timeline, Qt::LeftButton, {}, pointOf(*here));
    QCOMPARE(f.selection.checkpoint(), idOf(kParent, 300));
    QCOMPARE(bar->value(), 7);
  }

  void whatIsSelectedBeforeItsRunIsShownIsBroughtIntoSightThen() {
    CurvesFixture f;
    f.open({kParent});
    f.axis.setRange(300, 900);
    f.selection.selectCheckpoint(kOther, idOf(kOther, 4800));
    QCOMPARE(f.axis.lower(), 300.0);
    f.timeline->setShownRuns({kParent, kOther});
    QTRY_VERIFY(placed(*f.timeline, idOf(kOther, 4800)));
    QVERIFY(f.axis.lower() < 4800 && f.axis.upper() > 4800);
  }

  void aRunThatIsSelectedElsewhereHasItsLaneInSight() {
    CurvesFixture f;
    f.open({kParent, kBranch}, {1100, 420});
    auto* bar = f.timeline->findChild<QScrollBar*>();
    f.selection.selectRun(kOther);  // as a new branch is, before it is shown
    QCOMPARE(bar->value(), 0);
    f.timeline->setShownRuns({kParent, kBranch, kOther});
    const auto laneY = [&] { return f.timeline->geometryNow().lanes.back().y; };
    QTRY_COMPARE(f.timeline->lanes().size(), std::size_t{3});
    QTRY_VERIFY(f.timeline->geometryNow().lanes.back().lane == 2 && laneY() < f.timeline->height() - 28);
    QVERIFY(bar->value() > 0);
    // What is selected by a click here stays where it is.
    bar->setValue(7);
    QTest::mouseClick(f.timeline, Qt::LeftButton, {}, QPoint(500, static_cast<int>(f.timeline->geometryNow().lanes[0].y)));
    QCOMPARE(f.selection.run(), f.timeline->lanes()[f.timeline->geometryNow().lanes[0].lane].run);
    QCOMPARE(bar->value(), 7);
  }

  void aKeptMarkIsChosenThoughPrunedOnesAreBehindIt() {
    CurvesFixture f;
    f.open({kParent});
    f.axis.setRange(-10'000, 20'000);
    const auto geometry = f.timeline->geometryNow();
    const auto single = std::find_if(geometry.marks.begin(), geometry.marks.end(),
                                     [](const PlacedMark& mark) { return mark.count > 1 && !mark.gathered(); });
    QVERIFY(single != geometry.marks.end());
    const auto& lane = f.timeline->lanes()[single->lane];
    QTest::mouseClick(f.timeline, Qt::LeftButton, {}, pointOf(*single));
    QCOMPARE(f.selection.checkpoint(), lane.marks[single->shown].id);
    QTest::mouseDClick(f.timeline, Qt::LeftButton, {}, pointOf(*single));
    QVERIFY(f.axis.upper() - f.axis.lower() < 30'000);
  }

  void ctrlClickOnAGatheredMarkTicksTheOneThatIsShown() {
    CurvesFixture f;
    f.open({kParent});
    f.axis.setRange(-20'000, 60'000);
    const auto geometry = f.timeline->geometryNow();
    QVERIFY(gathered(geometry));
    const auto shown = f.timeline->lanes()[0].marks[gathered(geometry)->shown].id;
    QTest::mouseClick(f.timeline, Qt::LeftButton, Qt::ControlModifier, pointOf(*gathered(geometry)));
    QCOMPARE(f.selection.compared(), std::vector<std::string>{shown});
    QCOMPARE(f.axis.lower(), -20'000.0);  // nothing opens
    QTest::mouseClick(f.timeline, Qt::LeftButton, Qt::ControlModifier, pointOf(*gathered(geometry)));
    QVERIFY(f.selection.compared().empty());
  }

  void keysGoToTheEndsAndZoom() {
    CurvesFixture f;
    f.open({kParent, kBranch});
    QTest::keyClick(f.timeline, Qt::Key_Right);
    QTest::keyClick(f.timeline, Qt::Key_Home);
    QCOMPARE(f.selection.checkpoint(), idOf(kParent, 300));
    QTest::keyClick(f.timeline, Qt::Key_End);
    QCOMPARE(f.selection.checkpoint(), idOf(kParent, 5400));
    QTest::keyClick(f.timeline, Qt::Key_Return);
    QCOMPARE((f.axis.lower() + f.axis.upper()) / 2, 5400.0);
  }

  void theSelectedOneIsMarkedOnTheCurveEvenWhenPruned() {
    CurvesFixture f;
    f.open({kParent});
    const auto pruned = idOf(kParent, 600);
    QCOMPARE(f.client->snapshot()->checkpoint(pruned)->state, core::CheckpointState::Pruned);
    const auto mark = placed(*f.timeline, pruned);
    QTest::mouseClick(f.timeline, Qt::LeftButton, {}, pointOf(*mark));
    const auto marked = [&] {
      for (const auto& one : f.chart->scene().marks) {
        if (one.selected) return one.checkpoint;
      }
      return std::string();
    };
    QTRY_COMPARE(marked(), pruned);
  }

  void aClickNearTheCurveSelectsTheNearest() {
    CurvesFixture f;
    f.open({kParent, kBranch});
    auto& plot = f.chart->plot();
    const double y = CurvesFixture::lossAt(1250) - 0.0;
    const QPoint at(static_cast<int>(plot.xAxis->coordToPixel(1250)), static_cast<int>(plot.yAxis->coordToPixel(y)));
    QTest::mouseClick(&plot, Qt::LeftButton, {}, at);
    QCOMPARE(f.selection.checkpoint(), idOf(kParent, 1200));
  }

  void manyLanesScrollByWheelDragAndKeys() {
    CurvesFixture f;
    f.open({kParent, kBranch, kOther}, {1100, 420});
    auto* bar = f.timeline->findChild<QScrollBar*>();
    QTRY_VERIFY(bar->isVisible() && bar->maximum() > 0);
    QTest::keyClick(f.timeline, Qt::Key_PageDown);
    QVERIFY(bar->value() > 0);
    QTest::keyClick(f.timeline, Qt::Key_PageUp);
    QCOMPARE(bar->value(), 0);
    QTest::mousePress(f.timeline, Qt::LeftButton, {}, QPoint(500, 90));
    QTest::mouseMove(f.timeline, QPoint(500, 60));
    QTest::mouseRelease(f.timeline, Qt::LeftButton, {}, QPoint(500, 60));
    QCOMPARE(bar->value(), std::min(30, bar->maximum()));
    bar->setValue(0);
    const double lower = f.axis.lower();
    const QPoint at(500, 90);
    QWheelEvent turned(at, f.timeline->mapToGlobal(at), {}, QPoint(0, -120), Qt::NoButton, Qt::ShiftModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(f.timeline, &turned);
    QCOMPARE(bar->value(), std::min(kLaneHeight, bar->maximum()));
    QCOMPARE(f.axis.lower(), lower);  // Shift scrolls, and does not zoom
    QTest::keyClick(f.timeline, Qt::Key_Right);
    QTest::keyClick(f.timeline, Qt::Key_Down);
    QTest::keyClick(f.timeline, Qt::Key_Down);
    QVERIFY(placed(*f.timeline, f.selection.checkpoint()));  // brought into sight
  }
};

CAIRN_TEST(TimelineTest, timeline)
#include "tst_timeline.moc"
