// The chart and the timeline as a person meets them: mouse, wheel and keys on real widgets over a real home.
// With CAIRN_PICTURES=DIR the pictures are kept there.
#include <QContextMenuEvent>
#include <QDir>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

#include "support/curves_fixture.h"
#include "support/test_registry.h"
#include "ui/chart/plot_margins.h"
#include "ui/chart/qcustomplot_face.h"
#include "ui/chart/scene_builder.h"
#include "ui/run_colors.h"
#include "ui/theme.h"

using namespace cairn;
using namespace cairn::ui;
using tests::CurvesFixture;

namespace {

const std::string kParent = "aaaaaaaaaaaaaaaa", kBranch = "bbbbbbbbbbbbbbbb", kOther = "cccccccccccccccc";

const PlacedMark* placedMark(const TimelineGeometry& geometry, const TimelinePanel& panel, const std::string& run,
                             std::int64_t step) {
  for (const auto& mark : geometry.marks) {
    const auto& lane = panel.lanes()[mark.lane];
    if (lane.run == run && lane.marks[mark.shown].step == step) return &mark;
  }
  return nullptr;
}

QPoint pointOf(const PlacedMark& mark) { return {static_cast<int>(mark.x), static_cast<int>(mark.y)}; }

void turnWheel(QWidget* widget, QPoint at, int notches, Qt::KeyboardModifiers keys = {}) {
  QWheelEvent event(at, widget->mapToGlobal(at), {}, QPoint(0, 120 * notches), Qt::NoButton, keys, Qt::NoScrollPhase, false);
  QCoreApplication::sendEvent(widget, &event);
}

int countColor(const QImage& image, QColor color) {
  int count = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const QColor at = image.pixelColor(x, y);
      count += std::abs(at.red() - color.red()) + std::abs(at.green() - color.green()) + std::abs(at.blue() - color.blue()) < 24;
    }
  }
  return count;
}

QImage picture(QWidget& widget, const QString& name) {
  const auto image = widget.grab().toImage();
  const auto folder = qEnvironmentVariable("CAIRN_PICTURES");
  if (!folder.isEmpty()) image.save(QDir(folder).filePath(name + QStringLiteral(".png")));
  return image;
}

}  // namespace

class ChartTimelineTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void cleanup() { Theme::instance().setChoice(Theme::Choice::Light); }

  void curvesOfAllShownRunsAreThere() {
    CurvesFixture f;
    f.open({kParent, kBranch, kOther});
    QTRY_COMPARE(f.chart->scene().curves.size(), std::size_t(6));  // train and validation each
    const auto& train = f.chart->scene().curves.front();
    QCOMPARE(train.curve->size(), std::size_t(5420));
    QCOMPARE(train.curve->raw().at(99), static_cast<float>(CurvesFixture::lossAt(100)));
    QCOMPARE(f.axis.lower(), 0.0);
    QVERIFY(f.axis.upper() >= 9000);  // the running run has room to grow
  }

  void aBranchAloneShowsItsParentsPart() {
    CurvesFixture f;
    f.open({kBranch});
    QTRY_COMPARE(f.chart->scene().curves.size(), std::size_t(4));
    int inherited = 0;
    for (const auto& curve : f.chart->scene().curves) {
      if (!curve.inherited) continue;
      ++inherited;
      QCOMPARE(curve.range.last, 2100.0);
      QCOMPARE(curve.color, colorOfRun(*f.client->snapshot(), kBranch));
    }
    QCOMPARE(inherited, 2);
  }

  void aClickNearTheParentsPartSelectsTheParentsCheckpoint() {
    CurvesFixture f;
    f.open({kBranch});
    QTRY_COMPARE(f.chart->scene().curves.size(), std::size_t(4));
    QTest::qWait(80);
    auto& plot = f.chart->plot();
    const auto clickAt = [&](double step) {
      const auto& part = f.chart->scene().curves.front();
      QVERIFY(part.inherited);
      const double y = valueAt(part, step, XAxis::Unit::Step);
      QTest::mouseClick(&plot, Qt::LeftButton, {},
                        QPoint(qRound(plot.xAxis->coordToPixel(step)), qRound(plot.yAxis->coordToPixel(y))));
    };
    clickAt(1250);
    QCOMPARE(f.selection.run(), kParent);
    QCOMPARE(f.selection.checkpoint(), CurvesFixture::checkpointId(kParent, 1200));
    clickAt(700);  // the nearest, of step 600, was pruned
    QCOMPARE(f.selection.checkpoint(), CurvesFixture::checkpointId(kParent, 900));
    clickAt(2090);  // the parent's next, of step 2,400, is behind the branch's beginning
    QCOMPARE(f.selection.checkpoint(), CurvesFixture::checkpointId(kParent, 2100));
  }

  void plotAreasLineUp() {
    CurvesFixture f;
    f.open({kParent});
    const auto* rect = f.chart->plot().axisRect();
    const int left = f.chart->plot().mapTo(f.window.get(), QPoint(rect->left(), 0)).x();
    QCOMPARE(left, kPlotLeft);
    const auto geometry = f.timeline->geometryNow();
    const auto* mark = placedMark(geometry, *f.timeline, kParent, 3000);
    QVERIFY(mark);
    const double onChart = f.chart->plot().mapTo(f.window.get(), QPoint()).x() + f.chart->plot().xAxis->coordToPixel(3000);
    QVERIFY(std::abs(mark->x - onChart) <= 1.5);
  }

  void wheelZoomsAroundTheCursorAndFFits() {
    CurvesFixture f;
    f.open({kParent});
    auto& plot = f.chart->plot();
    const QPoint at(plot.axisRect()->left() + 300, plot.axisRect()->center().y());
    const double under = plot.xAxis->pixelToCoord(at.x());
    const double width = f.axis.upper() - f.axis.lower();
    turnWheel(&plot, at, 3);
    QVERIFY(f.axis.upper() - f.axis.lower() < width * 0.6);
    QTRY_VERIFY(std::abs(plot.xAxis->pixelToCoord(at.x()) - under) < width / 500);
    QVERIFY(!f.axis.follows());
    QTest::keyClick(&plot, Qt::Key_F);
    QVERIFY(f.axis.follows());
    QTRY_COMPARE(f.axis.upper() - f.axis.lower(), width);
  }

  void dragPansAndShiftDragZooms() {
    CurvesFixture f;
    f.open({kParent});
    auto& plot = f.chart->plot();
    const auto area = plot.axisRect()->rect();
    const double before = f.axis.lower(), width = f.axis.upper() - f.axis.lower();
    QTest::mousePress(&plot, Qt::LeftButton, {}, area.center());
    QTest::mouseMove(&plot, area.center() - QPoint(area.width() / 4, 0));
    QTest::mouseRelease(&plot, Qt::LeftButton, {}, area.center() - QPoint(area.width() / 4, 0));
    QVERIFY(std::abs(f.axis.lower() - before - width / 4) < width / 50);
    QTRY_COMPARE(plot.xAxis->range().lower, f.axis.lower());
    QTest::mousePress(&plot, Qt::LeftButton, Qt::ShiftModifier, area.center() - QPoint(100, 100));
    QTest::mouseMove(&plot, area.center());
    QTest::mouseRelease(&plot, Qt::LeftButton, Qt::ShiftModifier, area.center());
    QVERIFY(std::abs(f.axis.upper() - f.axis.lower() - width * 100 / area.width()) < width / 50);
  }

  void hoverSharesTheCrossHair() {
    CurvesFixture f;
    f.open({kParent});
    auto& plot = f.chart->plot();
    QTest::mouseMove(&plot, plot.axisRect()->center());
    QVERIFY(f.axis.crossHair());
    QVERIFY(f.chart->scene().card.title.contains(QStringLiteral("step")));
    QVERIFY(f.chart->scene().card.rows.size() >= 2);
    const auto value = *f.axis.crossHair();
    const auto row = f.chart->scene().card.rows.front();
    QVERIFY(std::abs(row.value.toDouble() - CurvesFixture::lossAt(std::llround(value))) < 1e-3);
    QVERIFY2(!row.name.contains(QStringLiteral(" @ ")), qPrintable(row.name));  // measured at each step
    const auto& rows = f.chart->scene().card.rows;
    const auto validation =
        std::find_if(rows.begin(), rows.end(), [](const auto& one) { return one.name.contains(QStringLiteral(" val")); });
    QVERIFY(validation != rows.end());
    QVERIFY2(validation->name.contains(QStringLiteral(" @ ")), qPrintable(validation->name));  // of another step
    QTest::mouseMove(f.timeline, QPoint(400, 60));
    QVERIFY(std::abs(*f.axis.crossHair() - value) > 1);
  }

  void clickOnTheCurveSelectsTheNearestCheckpoint() {
    CurvesFixture f;
    f.open({kParent});
    auto& plot = f.chart->plot();
    const int x = static_cast<int>(plot.xAxis->coordToPixel(2950));
    const auto& curve = f.chart->scene().curves.front();
    const int y = static_cast<int>(plot.yAxis->coordToPixel(curve.curve->smooth().at(2949)));
    QTest::mouseClick(&plot, Qt::LeftButton, {}, QPoint(x, y));
    QCOMPARE(f.selection.run(), kParent);
    QCOMPARE(f.client->snapshot()->checkpoint(f.selection.checkpoint())->step, std::int64_t(3000));
  }

  void liveStepsGrowTheCurveAndRepeatedOnesDoNot() {
    CurvesFixture f;
    f.open({kParent});
    std::vector<core::MetricPoint> points;
    for (std::int64_t step = 5411; step <= 5440; ++step) {
      points.push_back({core::Series::TrainLoss, step, 10, 0.01 * double(step), CurvesFixture::lossAt(step)});
    }
    f.chart->appendLive(kParent, points);
    const auto* curve = SeriesStore::of(*f.client).curve(kParent, core::Series::TrainLoss);
    QCOMPARE(curve->size(), std::size_t(5440));
    f.chart->appendLive(kParent, points);
    QCOMPARE(curve->size(), std::size_t(5440));
    QTRY_COMPARE(f.timeline->lanes().front().endX, 5440.0);
  }

  // What the mailbox drops is in the catalog soon: the curve waits for it and stays in order.
  void droppedStepsAreReadFromTheCatalog() {
    CurvesFixture f;
    f.open({kParent});
    const auto point = [](std::int64_t step) {
      return core::MetricPoint{core::Series::TrainLoss, step, 10, 0.01 * double(step), CurvesFixture::lossAt(step)};
    };
    f.chart->appendLive(kParent, {point(5430)});
    const auto* curve = SeriesStore::of(*f.client).curve(kParent, core::Series::TrainLoss);
    QCOMPARE(curve->size(), std::size_t(5420));
    std::vector<core::MetricPoint> missing;
    for (std::int64_t step = 5421; step < 5430; ++step) missing.push_back(point(step));
    f.client->command([missing](storage::Catalog& catalog) { catalog.appendMetrics(kParent, missing); });
    QTRY_COMPARE(curve->size(), std::size_t(5430));
    QCOMPARE(curve->raw().at(5424), static_cast<float>(CurvesFixture::lossAt(5425)));
  }

  void manyEventsMakeFewDrawings() {
    CurvesFixture f;
    f.open({kParent});
    int drawings = 0;
    connect(&f.chart->plot(), &QCustomPlot::afterReplot, this, [&] { ++drawings; });
    for (int i = 0; i < 2000; ++i) {
      f.chart->appendLive(kParent, {{core::Series::TrainLoss, 5421 + i, 10, 54.21 + 0.01 * i, 0.05}});
      if (i % 100 == 0) QTest::qWait(5);
    }
    QTest::qWait(60);
    QVERIFY2(drawings >= 1 && drawings <= 20, qPrintable(QString::number(drawings)));
    const auto isQuiet = [&] {
      drawings = 0;
      QTest::qWait(200);
      return drawings == 0;
    };
    QTRY_VERIFY(isQuiet());  // nothing changed, nothing is drawn: once a busy machine has come to the last of the events
  }

  void tabsWithoutDataAreOff() {
    CurvesFixture f;
    f.open({kParent});
    const auto tabs = f.chart->findChildren<QToolButton*>();
    const auto enabled = [&](const QString& text) {
      const auto at = std::find_if(tabs.begin(), tabs.end(), [&](auto* tab) { return tab->text() == text; });
      return at != tabs.end() && (*at)->isEnabled();
    };
    QTRY_VERIFY(enabled(QStringLiteral("learning rate")));
    QVERIFY(enabled(QStringLiteral("loss")));
    QVERIFY(!enabled(QStringLiteral("accuracy")) && !enabled(QStringLiteral("gradient norm")));
    for (auto* tab : tabs) {
      if (tab->text() == QStringLiteral("learning rate")) QTest::mouseClick(tab, Qt::LeftButton);
    }
    QTRY_VERIFY(!f.chart->scene().curves.empty() && f.chart->scene().curves.front().series == core::Series::Lr);
  }

  void unitsMoveBothPanels() {
    CurvesFixture f;
    f.open({kParent, kBranch});
    f.axis.setUnit(XAxis::Unit::Epoch);
    QTRY_VERIFY(f.axis.upper() > 17 && f.axis.upper() < 20);  // 9,000 steps of 500 an epoch
    QTRY_VERIFY(std::abs(f.timeline->lanes()[1].startX - 4.2) < 0.01);
    f.axis.setUnit(XAxis::Unit::Time);
    QTRY_VERIFY(std::abs(f.timeline->lanes()[1].startX - 21.0) < 0.1);
  }

  void timelineSelectsZoomsAndCompares() {
    CurvesFixture f;
    f.open({kParent, kBranch, kOther});
    QSignalSpy menu(f.timeline, &TimelinePanel::contextMenuRequested);
    const auto geometry = f.timeline->geometryNow();
    const auto* mark = placedMark(geometry, *f.timeline, kBranch, 5700);
    QVERIFY(mark);
    QTest::mouseClick(f.timeline, Qt::LeftButton, {}, pointOf(*mark));
    QCOMPARE(f.selection.run(), kBranch);
    const auto id = f.selection.checkpoint();
    QCOMPARE(f.client->snapshot()->checkpoint(id)->step, std::int64_t(5700));
    QTest::mouseClick(f.timeline, Qt::LeftButton, Qt::ControlModifier, pointOf(*mark));
    QCOMPARE(f.selection.compared(), std::vector<std::string>{id});
    QContextMenuEvent event(QContextMenuEvent::Mouse, pointOf(*mark), f.timeline->mapToGlobal(pointOf(*mark)));
    QCoreApplication::sendEvent(f.timeline, &event);
    QCOMPARE(menu.count(), 1);
    QCOMPARE(menu.front().front().value<std::string>(), id);
  }

  void arrowKeysWalkAlongAndBetweenLanes() {
    CurvesFixture f;
    f.open({kParent, kBranch, kOther});
    const auto selectedStep = [&] { return f.client->snapshot()->checkpoint(f.selection.checkpoint())->step; };
    QTest::keyClick(f.timeline, Qt::Key_Left);
    QCOMPARE(selectedStep(), std::int64_t(5400));
    QTest::keyClick(f.timeline, Qt::Key_Left);
    QCOMPARE(selectedStep(), std::int64_t(5100));
    QTest::keyClick(f.timeline, Qt::Key_Down);
    QCOMPARE(f.selection.run(), kBranch);
    QCOMPARE(selectedStep(), std::int64_t(5100));
    QTest::keyClick(f.timeline, Qt::Key_Down);
    QCOMPARE(f.selection.run(), kOther);
    QCOMPARE(selectedStep(), std::int64_t(4800));
    QTest::keyClick(f.timeline, Qt::Key_Space);
    QCOMPARE(f.selection.compared().size(), std::size_t(1));
  }

  void timelineZoomsAndPans() {
    CurvesFixture f;
    f.open({kParent});
    const double width = f.axis.upper() - f.axis.lower();
    turnWheel(f.timeline, QPoint(500, 60), 2);
    QVERIFY(f.axis.upper() - f.axis.lower() < width * 0.7);
    const double lower = f.axis.lower();
    QTest::mousePress(f.timeline, Qt::LeftButton, {}, QPoint(500, 90));
    QTest::mouseMove(f.timeline, QPoint(400, 90));
    QTest::mouseRelease(f.timeline, Qt::LeftButton, {}, QPoint(400, 90));
    QVERIFY(f.axis.lower() > lower);
    QVERIFY(f.selection.run().empty());  // a drag is no click
  }

  void emptyPanelsSayWhatToDo() {
    CurvesFixture f;
    f.open({});
    const auto labels = f.chart->findChildren<QLabel*>();
    QTRY_VERIFY(std::any_of(labels.begin(), labels.end(), [](auto* label) {
      return label->isVisible() && label->text().contains(QStringLiteral("Choose a run"));
    }));
    QVERIFY(!f.chart->plot().isVisible());
    picture(*f.window, QStringLiteral("empty"));
  }

  void picturesShowEachRunInItsColour_data() {
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
  }
  void picturesShowEachRunInItsColour() {
    QFETCH(bool, dark);
    Theme::instance().setChoice(dark ? Theme::Choice::Dark : Theme::Choice::Light);
    CurvesFixture f;
    f.open({kParent, kBranch, kOther});
    f.chart->setLogY(true);
    f.chart->setSmoothing(0.9);
    QTest::keyClick(f.timeline, Qt::Key_Left);
    QTest::mouseMove(&f.chart->plot(), f.chart->plot().axisRect()->center());
    QTest::qWait(150);
    const auto name = dark ? QStringLiteral("dark") : QStringLiteral("light");
    const auto image = picture(*f.window, name);
    for (const auto& run : {kParent, kBranch, kOther}) {
      QVERIFY(countColor(image, colorOfRun(*f.client->snapshot(), run)) > 150);
    }
    QVERIFY(countColor(image, Theme::instance().colors().star) > 20);
    const auto geometry = f.timeline->geometryNow();
    const auto* mark = placedMark(geometry, *f.timeline, kBranch, 5700);
    QTest::mouseMove(f.timeline, pointOf(*mark));
    f.axis.setRange(2500, 3700);
    QTest::qWait(100);
    picture(*f.window, name + QStringLiteral("-zoomed"));
    f.axis.setRange(-200, 90'000);
    QTest::qWait(100);
    picture(*f.window, name + QStringLiteral("-gathered"));
  }
};

CAIRN_TEST(ChartTimelineTest, chart_timeline)
#include "tst_chart_timeline.moc"
