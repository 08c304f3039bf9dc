// Prints how long the chart takes to draw a frame of four series, panned and zoomed at 1920 x 1080, and the same of an
// empty plot and of plain QCPGraphs with the same points; then checks point by point that no extreme is missing at any
// zoom. Usage: bench_chart_frames POINTS [frames of QCPGraph]; offscreen unless QT_QPA_PLATFORM says otherwise.
#include <QApplication>
#include <QElapsedTimer>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstdint>
#include <random>

#include "support/measured.h"
#include "ui/chart/curve_layer.h"
#include "ui/chart/plot_margins.h"

using namespace cairn;
using namespace cairn::ui;

namespace {

constexpr int kSeries = 4;

std::vector<float> noisyValues(int points, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 0.25);
  std::vector<float> values(static_cast<std::size_t>(points));
  for (int step = 1; step <= points; ++step) {
    const double falling = 2.3 * std::exp(-6.0 * step / points) + 0.05 * (seed + 1);
    values[static_cast<std::size_t>(step - 1)] = static_cast<float>(falling * std::exp(noise(random)));
  }
  for (int outlier = 0; outlier < 50; ++outlier) values[random() % values.size()] = outlier % 2 ? 9.5f : 0.011f;
  return values;
}

void dress(QCustomPlot& plot) {
  plot.resize(1920, 1080);
  plot.axisRect()->setAutoMargins(QCP::msNone);
  plot.axisRect()->setMargins(QMargins(kPlotLeft, 12, kPlotRight, 26));
  plot.yAxis->setScaleType(QCPAxis::stLogarithmic);
  plot.yAxis->setRange(0.01, 10);
}

/// Milliseconds of `count` frames: all in sight, half of it panned, and ever closer.
std::vector<double> framesOf(QCustomPlot& plot, int points, int count) {
  plot.show();
  QApplication::processEvents();
  std::vector<double> frames;
  const auto frame = [&](double lower, double upper) {
    plot.xAxis->setRange(lower, upper);
    const auto begin = bench::Clock::now();
    plot.replot(QCustomPlot::rpImmediateRefresh);
    frames.push_back(bench::secondsSince(begin) * 1000);
  };
  for (int i = 0; i < count; ++i) {
    const double at = static_cast<double>(i) / count;
    frame(-at * points / 5, points * (1 - at / 5));
    frame(points * at / 2, points * (at / 2 + 0.5));
    const double half = points * std::pow(100.0 / points, at) / 2;
    frame(points / 2.0 - half, points / 2.0 + half);
  }
  plot.hide();
  return frames;
}

nlohmann::ordered_json figuresOf(const std::vector<double>& frames) {
  return {{"median", bench::median(frames)}, {"p99", bench::quantile(frames, 0.99)}, {"frames", frames.size()}};
}

std::vector<double> graphFrames(const std::vector<std::vector<float>>& values, int points, int count) {
  QCustomPlot plot;
  dress(plot);
  for (const auto& series : values) {
    QVector<QCPGraphData> data;
    data.reserve(points);
    for (int i = 0; i < points; ++i) data.append({double(i + 1), double(series[static_cast<std::size_t>(i)])});
    auto* graph = plot.addGraph();
    graph->data()->set(data, /*alreadySorted=*/true);
    graph->setAntialiased(false);
    graph->setPen(QPen(Qt::blue, 1));
  }
  return framesOf(plot, points, count);
}

/// Which column holds each pixel, or each point where columns are points; null: none.
std::vector<const Column*> byPixel(const Columns& columns, int width) {
  std::vector<const Column*> held(static_cast<std::size_t>(width), nullptr);
  for (const auto& column : columns.columns) {
    const auto pixel = static_cast<std::int64_t>(std::floor(column.pixel));
    if (pixel >= 0 && pixel < width) held[static_cast<std::size_t>(pixel)] = &column;
  }
  return held;
}

/// Walks over all points in sight: how many lie beyond the extremes of their pixel column.
std::int64_t missingInColumns(const Columns& columns, const std::vector<float>& values, const Window& window) {
  const auto held = byPixel(columns, window.width);
  const auto holds = [&](double pixel, float value) {
    const auto at = static_cast<std::int64_t>(std::clamp(std::floor(pixel), 0.0, window.width - 1.0));
    const auto* column = held[static_cast<std::size_t>(at)];
    return column && column->raw.min <= value && value <= column->raw.max;
  };
  std::int64_t missing = 0;
  const auto last = std::min<std::int64_t>(std::llround(std::floor(window.upper)), static_cast<std::int64_t>(values.size()));
  for (auto step = std::max<std::int64_t>(1, std::llround(std::ceil(window.lower))); step <= last; ++step) {
    const float value = values[static_cast<std::size_t>(step - 1)];
    const double pixel = window.pixel(static_cast<double>(step));
    // On an edge between two columns it may stand in either.
    if (!holds(pixel - 1e-6, value) && !holds(pixel + 1e-6, value)) ++missing;
  }
  return missing;
}

/// Where each point is drawn for itself: how many in sight are not.
std::int64_t missingPoints(const Columns& columns, const std::vector<float>& values, const Window& window) {
  std::int64_t missing = 0;
  const auto last = std::min<std::int64_t>(std::llround(std::floor(window.upper)), static_cast<std::int64_t>(values.size()));
  auto next = columns.columns.begin();
  for (auto step = std::max<std::int64_t>(1, std::llround(std::ceil(window.lower))); step <= last; ++step) {
    const double pixel = window.pixel(static_cast<double>(step));
    while (next != columns.columns.end() && next->pixel < pixel - 1e-6) ++next;
    if (next == columns.columns.end() || next->raw.last != values[static_cast<std::size_t>(step - 1)]) ++missing;
  }
  return missing;
}

/// At every zoom from all points in sight to a few, and at three places each.
nlohmann::ordered_json checkExtremes(const SeriesCurve& curve, const std::vector<float>& values) {
  std::int64_t missing = 0, views = 0;
  for (double span = double(values.size()); span > 50; span /= 1.7) {
    for (const double at : {0.0, 0.31, 0.73}) {
      const double lower = std::floor(1 + at * (double(values.size()) - span));
      const Window window{lower, lower + std::ceil(span), 1837};
      const auto columns = columnsOf(curve, RunClock{}, window, {});
      missing += columns.points ? missingPoints(columns, values, window) : missingInColumns(columns, values, window);
      ++views;
    }
  }
  return {{"views", views}, {"missing_points", missing}};
}

}  // namespace

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", qEnvironmentVariable("QT_QPA_PLATFORM", QStringLiteral("offscreen")).toUtf8());
  QApplication app(argc, argv);
  const int points = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
  const int graphs = argc > 2 ? std::atoi(argv[2]) : 3;
  std::vector<std::vector<float>> values;
  for (unsigned i = 0; i < kSeries; ++i) values.push_back(noisyValues(points, i));
  const auto begin = bench::Clock::now();
  std::vector<SeriesCurve> curves(kSeries);
  for (std::size_t i = 0; i < curves.size(); ++i) {
    curves[i].setSmoothing(0.99);
    for (int step = 1; step <= points; ++step)
      curves[i].add(step, double{values[i][static_cast<std::size_t>(step - 1)]});
  }
  const double appending = bench::secondsSince(begin) * 1e9 / (double(points) * kSeries);

  const RunClock steps;
  ChartScene scene;
  for (int i = 0; i < kSeries; ++i) {
    scene.curves.push_back({.curve = &curves[static_cast<std::size_t>(i)],
                            .clock = &steps,
                            .color = QColor::fromHsv(90 * i, 200, 180),
                            .dashed = i % 2 == 1});
  }
  QCustomPlot plot, empty;
  dress(plot);
  dress(empty);
  new CurveLayer(plot.axisRect(), scene);
  bench::print({{"ns_per_appended_point", appending},
                {"chart", figuresOf(framesOf(plot, points, 100))},
                {"empty", figuresOf(framesOf(empty, points, 100))},
                {"qcpgraph", figuresOf(graphFrames(values, points, graphs))},
                {"check", checkExtremes(curves[0], values[0])}});
  return 0;
}
