// Where the timeline puts lanes, branches and marks.
#include <QTest>
#include <tuple>

#include "support/test_registry.h"
#include "ui/timeline/timeline_layout.h"

using namespace cairn::ui;

namespace {

TimelineLane laneOf(const std::string& run, double start, double end, int marks) {
  TimelineLane lane{.run = run, .startX = start, .endX = end};
  for (int i = 0; i < marks; ++i) {
    const double x = start + (end - start) * i / std::max(1, marks - 1);
    lane.marks.push_back({run + std::to_string(i), static_cast<std::int64_t>(x), x});
  }
  return lane;
}

TimelineView viewOf(double lower, double upper) {
  return {.lower = lower, .upper = upper, .left = 60, .right = 1060, .top = 30, .bottom = 330};
}

std::size_t covered(const TimelineGeometry& geometry) {
  std::size_t count = 0;
  for (const auto& mark : geometry.marks) count += mark.count;
  return count;
}

}  // namespace

class TimelineLayoutTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void marksStandAtTheirX() {
    const auto geometry = layoutTimeline({laneOf("a", 0, 1000, 11)}, viewOf(0, 1000));
    QCOMPARE(geometry.marks.size(), std::size_t(11));
    for (std::size_t i = 0; i < 11; ++i) {
      QCOMPARE(geometry.marks[i].x, 60 + 100.0 * static_cast<double>(i));
      QCOMPARE(geometry.marks[i].y, 30 + kLaneHeight / 2.0);
    }
  }

  void closeMarksGatherAndZoomOpensThem() {
    const std::vector<TimelineLane> lanes = {laneOf("a", 0, 1000, 10'001)};
    const auto far = layoutTimeline(lanes, viewOf(0, 1000));
    QVERIFY(far.marks.size() <= 1000 / kGatherPixels + 2);
    QCOMPARE(covered(far), std::size_t(10'001));
    const auto near = layoutTimeline(lanes, viewOf(500, 505));
    QVERIFY(near.marks.size() >= 51 && near.marks.size() < 60);  // only what is in sight
    for (const auto& mark : near.marks) QCOMPARE(mark.count, std::size_t(1));
  }

  void theWeightiestStandsForAGroupAndTheSelectedAboveAll() {
    auto lane = laneOf("a", 0, 4, 5);
    lane.marks[1].star = true;
    lane.marks[3].shape = MarkShape::Hollow;
    auto view = viewOf(0, 1000);
    QCOMPARE(layoutTimeline({lane}, view).marks.at(0).shown, std::size_t(1));
    view.selected = "a3";
    const auto geometry = layoutTimeline({lane}, view);
    QCOMPARE(geometry.marks.size(), std::size_t(1));
    QCOMPARE(geometry.marks[0].count, std::size_t(5));
    QCOMPARE(geometry.marks[0].shown, std::size_t(3));
  }

  void aGroupIsZoomedNoFurtherThanItTakes() {
    auto lane = laneOf("a", 500, 510, 2);
    const auto view = viewOf(0, 5000);
    const auto group = layoutTimeline({lane}, view).marks.at(0);
    QCOMPARE(group.count, std::size_t(2));
    auto opened = view;
    std::tie(opened.lower, opened.upper) = openedRange(lane, group, view);
    QVERIFY(opened.upper - opened.lower > 300 && opened.upper - opened.lower < 500);
    QCOMPARE(layoutTimeline({lane}, opened).marks.size(), std::size_t(2));
    lane.marks[1].x = lane.marks[0].x;  // in one place: no zoom tells them apart
    const auto [lower, upper] = openedRange(lane, layoutTimeline({lane}, view).marks.at(0), view);
    QCOMPARE(lower, upper);
  }

  void thoseThatAreLostGatherFirst() {
    TimelineLane lane{.run = "a", .startX = 0, .endX = 1000};
    const auto add = [&lane](double x, MarkShape shape) {
      lane.marks.push_back({"a" + std::to_string(lane.marks.size()), static_cast<std::int64_t>(x), x, shape});
    };
    for (int i = 0; i < 10; ++i) add(4.0 * i, MarkShape::Hollow);  // pixels, in this view
    add(39, MarkShape::Dot);
    add(43, MarkShape::Hollow);
    add(52, MarkShape::Square);
    add(64, MarkShape::Dot);
    add(70, MarkShape::Dot);
    lane.marks[10].star = true;
    const auto geometry = layoutTimeline({lane}, viewOf(0, 1000));
    std::vector<std::size_t> shown, counts;
    for (const auto& mark : geometry.marks) {
      shown.push_back(mark.shown);
      counts.push_back(mark.gathered() ? mark.count : 1);
    }
    // The best and the final one stand singly, each where it is, with what is pruned behind them.
    QCOMPARE(counts, (std::vector<std::size_t>{4, 4, 1, 1, 2}));
    QCOMPARE(shown[2], std::size_t{10});
    QCOMPARE(geometry.marks[2].count, std::size_t{4});
    QCOMPARE(geometry.marks[2].x, 60 + 39.0);
    QCOMPARE(shown[3], std::size_t{12});
    QCOMPARE(covered(geometry), lane.marks.size());
  }

  void keptMarksStandSinglyWhereTheyFit() {
    const auto geometry = layoutTimeline({laneOf("a", 0, 996, 84)}, viewOf(0, 1000));
    QCOMPARE(geometry.marks.size(), std::size_t{84});
    for (std::size_t i = 1; i < geometry.marks.size(); ++i) QVERIFY(geometry.marks[i].x - geometry.marks[i - 1].x >= kKeptPixels - 1e-6);
  }

  void connectorsThatOnlyPassAreOneAPixel() {
    std::vector<TimelineLane> lanes = {laneOf("a", 0, 1000, 5)};
    for (int i = 0; i < 400; ++i) {
      lanes.push_back(laneOf("b" + std::to_string(i), 200 + i % 2, 1000, 3));
      lanes.back().parent = 0;
    }
    const auto geometry = layoutTimeline(lanes, viewOf(0, 1000));
    QVERIFY(geometry.connectors.size() <= 300 / kLaneHeight + 4 + 2);
    QVERIFY(geometry.connectors.size() >= 300 / kLaneHeight);
  }

  void whatTheFilterHoldsBackAreFaintDots() {
    auto lane = laneOf("a", 0, 1000, 11);
    for (int i = 0; i < 5000; ++i) lane.dimmed.push_back(i / 5.0);
    const auto geometry = layoutTimeline({lane}, viewOf(0, 1000));
    QCOMPARE(geometry.marks.size(), std::size_t(11));
    QVERIFY(geometry.dots.size() > 200 && geometry.dots.size() <= 251);
  }

  void branchesLeaveTheirParentAtTheBranchStep() {
    auto branch = laneOf("b", 400, 900, 3);
    branch.parent = 0;
    const auto geometry = layoutTimeline({laneOf("a", 0, 800, 5), branch}, viewOf(0, 1000));
    QCOMPARE(geometry.connectors.size(), std::size_t(1));
    QCOMPARE(geometry.connectors[0].x, 460.0);
    QCOMPARE(geometry.connectors[0].yTo - geometry.connectors[0].yFrom, double(kLaneHeight));
    QCOMPARE(geometry.lanes.at(1).x0, 460.0);
  }

  void lanesOutOfSightAreLeftOut() {
    std::vector<TimelineLane> lanes;
    for (int i = 0; i < 200; ++i) lanes.push_back(laneOf("r" + std::to_string(i), 0, 1000, 100));
    auto view = viewOf(0, 1000);
    view.scroll = 50 * kLaneHeight;
    const auto geometry = layoutTimeline(lanes, view);
    QVERIFY(geometry.lanes.size() <= 300 / kLaneHeight + 4);
    QVERIFY(geometry.lanes.front().lane >= 48 && geometry.lanes.front().lane <= 50);
    QCOMPARE(laneAt(geometry, 30 + kLaneHeight / 2.0), 50);
  }

  void marksAreFoundUnderThePointer() {
    const auto geometry = layoutTimeline({laneOf("a", 0, 1000, 11), laneOf("b", 0, 1000, 11)}, viewOf(0, 1000));
    const auto* mark = markAt(geometry, 563, 30 + kLaneHeight * 1.5 + 4);
    QVERIFY(mark);
    QCOMPARE(mark->lane, std::size_t(1));
    QCOMPARE(mark->shown, std::size_t(5));
    QVERIFY(!markAt(geometry, 610, 30 + kLaneHeight * 1.5));
    QVERIFY(!markAt(geometry, 563, 30 + kLaneHeight));
  }

  void anEmptyRangeHasNoPicture() {
    QVERIFY(layoutTimeline({laneOf("a", 0, 1000, 11)}, viewOf(5, 5)).marks.empty());
  }
};

CAIRN_TEST(TimelineLayoutTest, timeline_layout)
#include "tst_timeline_layout.moc"
