// The chart's data: pyramids against brute force, columns that lose nothing, smoothing, repeated steps, clocks.
#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "support/test_registry.h"
#include "ui/chart/axis_ticks.h"
#include "ui/chart/curve_columns.h"
#include "ui/chart/series_curve.h"

using namespace cairn::ui;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

/// A walk with outliers, zeros, negatives and what is not finite.
std::vector<float> wildValues(std::size_t count) {
  std::mt19937 random(7);
  std::normal_distribution<float> noise(0, 1);
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = 3 * std::exp(-static_cast<float>(i) / 5000) + 0.1f * noise(random);
    if (i % 997 == 3) values[i] = kNan;
    if (i % 4999 == 5) values[i] = i % 2 ? kInf : -kInf;
  }
  values[count / 3] = 1e6f;
  values[count / 2] = -1e6f;
  return values;
}

Summary bruteForce(const std::vector<float>& values, std::size_t begin, std::size_t end) {
  Summary sum;
  for (auto i = begin; i < end; ++i) {
    const float v = values[i];
    if (!std::isfinite(v)) {
      sum.gaps = true;
      continue;
    }
    if (std::isnan(sum.first)) sum.first = v;
    sum.min = std::min(sum.min, v);
    sum.max = std::max(sum.max, v);
    if (v > 0) sum.minPositive = std::min(sum.minPositive, v);
    sum.last = v;
  }
  return sum;
}

bool same(float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }
bool same(const Summary& a, const Summary& b) {
  return same(a.min, b.min) && same(a.max, b.max) && same(a.minPositive, b.minPositive) && same(a.first, b.first) &&
         same(a.last, b.last) && a.gaps == b.gaps;
}

SeriesCurve curveOf(const std::vector<float>& values, std::int64_t stride = 1) {
  SeriesCurve curve;
  for (std::size_t i = 0; i < values.size(); ++i) curve.add(1 + static_cast<std::int64_t>(i) * stride, values[i]);
  return curve;
}

}  // namespace

class SeriesPyramidTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void sumsUpAsBruteForceDoes() {
    const auto values = wildValues(70'001);
    SeriesPyramid pyramid;
    for (const float v : values) pyramid.append(v);
    std::mt19937 random(11);
    for (int i = 0; i < 600; ++i) {
      auto begin = random() % values.size(), end = random() % (values.size() + 1);
      if (i % 2) end = std::min(values.size(), begin + random() % 100);  // small ranges too
      if (begin > end) std::swap(begin, end);
      QVERIFY2(same(pyramid.summary(begin, end), bruteForce(values, begin, end)),
               qPrintable(QStringLiteral("%1 %2").arg(begin).arg(end)));
    }
    QVERIFY(pyramid.summary(5, 5).empty());
  }

  void truncatedItIsAsIfNeverLonger() {
    const auto values = wildValues(9000);
    for (const std::size_t keep : {0, 1, 15, 16, 255, 256, 257, 4096, 5000}) {
      SeriesPyramid pyramid;
      for (const float v : values) pyramid.append(v);
      pyramid.truncate(keep);
      auto expected = std::vector<float>(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(keep));
      for (int i = 0; i < 700; ++i) {
        expected.push_back(static_cast<float>(i));
        pyramid.append(static_cast<float>(i));
      }
      QVERIFY(same(pyramid.summary(0, pyramid.size()), bruteForce(expected, 0, expected.size())));
      QVERIFY(same(pyramid.summary(keep / 2, keep + 300), bruteForce(expected, keep / 2, keep + 300)));
    }
  }

  // What the screen shows of a window is exactly what the window holds, at whatever zoom.
  void noPointIsLostToColumns() {
    const auto values = wildValues(50'000);
    const auto curve = curveOf(values);
    RunClock clock;
    for (std::size_t i = 0; i < values.size(); ++i) {
      clock.add(static_cast<std::int64_t>(i) + 1, static_cast<std::int64_t>(i / 1000), 0.01 * static_cast<double>(i + 1));
    }
    clock.setStepsPerEpoch(1000);
    std::mt19937 random(3);
    for (int i = 0; i < 150; ++i) {
      const auto unit = static_cast<XAxis::Unit>(i % 3);
      const int width = 100 + static_cast<int>(random() % 1800);
      const double low = 1 + static_cast<double>(random() % 40'000);
      const double high = low + 2 * width + static_cast<double>(random() % 9'000);
      const Window window{clock.x(low - 0.25, unit), clock.x(std::min(high, 50'000.0) + 0.25, unit), width, unit};
      const auto columns = columnsOf(curve, clock, window, {});
      if (columns.points) continue;
      QVERIFY(columns.columns.size() <= static_cast<std::size_t>(width));
      Summary all;
      for (const auto& column : columns.columns) all.add(column.raw);
      const auto first = static_cast<std::size_t>(low) - 1, last = static_cast<std::size_t>(std::min(high, 50'000.0));
      QVERIFY(same(all, bruteForce(values, first, last)));
    }
  }

  void outlierIsSeenAtEveryZoom() {
    std::vector<float> values(1 << 17, 0.5f);
    values[77'777] = 42;
    const auto curve = curveOf(values);
    const RunClock clock;
    for (double half = 70'000; half > 2; half /= 3) {
      const Window window{77'778 - half, 77'778 + half, 900, XAxis::Unit::Step};
      const auto columns = columnsOf(curve, clock, window, {});
      const auto seen = std::find_if(columns.columns.begin(), columns.columns.end(),
                                     [](const Column& column) { return column.raw.max == 42; });
      QVERIFY(seen != columns.columns.end());
      QVERIFY(std::abs(seen->pixel - 450) <= 1);
    }
  }

  void fewPointsAreDrawnEach() {
    const auto curve = curveOf({5, 4, 3, 2, 1}, 10);
    const Window window{15, 35, 400, XAxis::Unit::Step};
    const auto columns = columnsOf(curve, RunClock(), window, {});
    QVERIFY(columns.points);
    QCOMPARE(columns.columns.size(), std::size_t(4));  // 21 and 31, with 11 and 41 beyond the edges
    QCOMPARE(columns.columns[1].pixel, 120.0);
  }

  void aRangeOfStepsIsKept() {
    const auto curve = curveOf({1, 2, 3, 4, 5, 6});
    const Window window{0, 10, 400, XAxis::Unit::Step};
    const auto columns = columnsOf(curve, RunClock(), window, {.after = 0, .last = 4});
    QCOMPARE(columns.columns.size(), std::size_t(4));
    QCOMPARE(summaryOf(curve, RunClock(), window, {.after = 2, .last = 4}).min, 3.0f);
  }

  // m <- w m + (1 - w) v, divided by 1 - w^n: computed here from its closed form.
  void smoothingIsTheDebiasedAverage() {
    const std::vector<float> values = {2, kNan, 1, 4, 0.5f, kInf, 3};
    for (const double weight : {0.3, 0.6, 0.99}) {
      SeriesCurve curve;
      curve.setSmoothing(weight);
      std::vector<double> finite;
      for (std::size_t i = 0; i < values.size(); ++i) {
        curve.add(static_cast<std::int64_t>(i + 1), values[i]);
        if (!std::isfinite(values[i])) {
          QVERIFY(!std::isfinite(curve.smooth().at(i)));
          continue;
        }
        finite.push_back(values[i]);
        double sum = 0, weights = 0;
        for (std::size_t k = 0; k < finite.size(); ++k) {
          const double share = std::pow(weight, static_cast<double>(finite.size() - 1 - k));
          sum += share * finite[k];
          weights += share;
        }
        QVERIFY(std::abs(curve.smooth().at(i) - sum / weights) < 1e-5);
      }
    }
  }

  void smoothedElsewhereEqualsSmoothedHere() {
    const auto values = wildValues(3000);
    SeriesCurve here = curveOf(values), elsewhere = curveOf(values);
    here.setSmoothing(0.8);
    auto done = SeriesCurve::smoothed(values, 0.8, elsewhere.history());
    for (auto* curve : {&here, &elsewhere}) curve->add(3001, 0.25);  // came while it was computed
    QVERIFY(elsewhere.takeSmoothed(std::move(done)));
    for (std::size_t i = 0; i < here.size(); ++i) QVERIFY(same(here.smooth().at(i), elsewhere.smooth().at(i)));
  }

  void repeatedStepsNeitherDoubleNorJump() {
    SeriesCurve curve = curveOf({4, 3, 2, 1});
    QCOMPARE(curve.add(3, 2), SeriesCurve::Added::Known);
    QCOMPARE(curve.size(), std::size_t(4));
    const auto history = curve.history();
    QCOMPARE(curve.add(3, 2.5), SeriesCurve::Added::Replaced);  // it differs: what followed is superseded
    QCOMPARE(curve.size(), std::size_t(3));
    QCOMPARE(curve.lastStep(), std::int64_t(3));
    QCOMPARE(curve.raw().at(2), 2.5f);
    QVERIFY(curve.history() != history);
    QVERIFY(!curve.takeSmoothed(SeriesCurve::smoothed({4, 3, 2, 1}, 0.5, history)));
  }

  void stepsAreFoundAcrossStretches() {
    const std::vector<std::int64_t> steps = {1, 2, 3, 10, 20, 30, 31, 32, 40, 77};
    StepIndex index;
    for (const auto step : steps) index.append(step);
    for (std::size_t i = 0; i < steps.size(); ++i) QCOMPARE(index.at(i), steps[i]);
    for (double at = -1; at < 90; at += 0.5) {
      const auto expected = std::lower_bound(steps.begin(), steps.end(), at) - steps.begin();
      QCOMPARE(index.lowerBound(at), static_cast<std::size_t>(expected));
    }
    index.truncate(5);
    index.append(21);
    QCOMPARE(index.at(5), std::int64_t(21));
    QCOMPARE(index.lowerBound(20.5), std::size_t(5));
  }

  void clockTurnsStepsIntoEpochsAndSecondsAndBack() {
    RunClock clock;
    clock.setOrigin(100, 2, 10);
    for (int step = 101; step <= 400; ++step) clock.add(step, 2 + (step - 101) / 50, 10 + 0.1 * (step - 100));
    QCOMPARE(clock.x(125, XAxis::Unit::Epoch), 2.5);
    QVERIFY(std::abs(clock.x(250, XAxis::Unit::Time) - 25) < 1e-9);
    for (const auto unit : {XAxis::Unit::Step, XAxis::Unit::Epoch, XAxis::Unit::Time}) {
      for (double step = 100; step <= 450; step += 12.5) {
        QVERIFY(std::abs(clock.step(clock.x(step, unit), unit) - step) < 1e-6);
      }
    }
  }

  void ticksAreRoundAndInSight() {
    const auto x = xTicks(0, 9000, 900, XAxis::Unit::Step);
    QCOMPARE(x.front().label, QStringLiteral("0"));
    QCOMPARE(x.back().label, QStringLiteral("9,000"));
    QCOMPARE(x.size(), std::size_t(10));
    QStringList y;
    for (const auto& tick : yTicks(0.015, 3, 480, true)) y << tick.label;
    QCOMPARE(y, QStringList({"0.02", "0.05", "0.1", "0.2", "0.5", "1", "2"}));
    QVERIFY(yTicks(1e-30, 1, 400, true).size() < 30);
    QVERIFY(xTicks(3, 3, 900, XAxis::Unit::Step).empty());
  }
};

CAIRN_TEST(SeriesPyramidTest, series_pyramid)
#include "tst_series_pyramid.moc"
