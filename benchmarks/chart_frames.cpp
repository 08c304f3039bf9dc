// Prints how long the chart takes to draw a frame with four series of one million points each, panned and zoomed at
// 1920 x 1080. Usage: bench_chart_frames [points]; offscreen unless QT_QPA_PLATFORM says otherwise.
#include <QApplication>
#include <QElapsedTimer>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <vector>

#include "ui/chart/curve_layer.h"
#include "ui/chart/plot_margins.h"

using namespace cairn::ui;

namespace {

SeriesCurve noisyCurve(int points, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 0.25);
  SeriesCurve curve;
  curve.setSmoothing(0.99);
  for (int step = 1; step <= points; ++step) {
    curve.add(step, (2.3 * std::exp(-6.0 * step / points) + 0.05 * (seed + 1)) * std::exp(noise(random)));
  }
  return curve;
}

void print(const char* what, std::vector<double> times) {
  std::sort(times.begin(), times.end());
  std::printf("%-28s median %6.2f ms   longest %6.2f ms   (%zu frames)\n", what, times[times.size() / 2], times.back(),
              times.size());
}

}  // namespace

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", qEnvironmentVariable("QT_QPA_PLATFORM", QStringLiteral("offscreen")).toUtf8());
  QApplication app(argc, argv);
  const int points = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
  QElapsedTimer clock;
  clock.start();
  std::vector<SeriesCurve> curves;
  for (unsigned i = 0; i < 4; ++i) curves.push_back(noisyCurve(points, i));
  std::printf("%-28s %6.0f ms for 4 x %d points\n", "append and smooth", double(clock.elapsed()), points);

  const RunClock steps;
  ChartScene scene;
  for (unsigned i = 0; i < 4; ++i) {
    scene.curves.push_back({.curve = &curves[i], .clock = &steps, .color = QColor::fromHsv(90 * int(i), 200, 180),
                            .dashed = i % 2 == 1});
  }
  QCustomPlot plot;
  plot.resize(1920, 1080);
  plot.axisRect()->setAutoMargins(QCP::msNone);
  plot.axisRect()->setMargins(QMargins(kPlotLeft, 12, kPlotRight, 26));
  plot.yAxis->setScaleType(QCPAxis::stLogarithmic);
  plot.yAxis->setRange(0.01, 10);
  new CurveLayer(plot.axisRect(), scene);
  plot.show();
  QApplication::processEvents();

  const auto frame = [&](double lower, double upper) {
    plot.xAxis->setRange(lower, upper);
    clock.restart();
    plot.replot(QCustomPlot::rpImmediateRefresh);
    return static_cast<double>(clock.nsecsElapsed()) / 1e6;
  };
  std::vector<double> whole, panned, zoomed;
  for (int i = 0; i < 200; ++i) {
    whole.push_back(frame(-i * points / 1000.0, points * (1 - i / 1000.0)));
    panned.push_back(frame(points * 0.0025 * i, points * (0.0025 * i + 0.5)));
    const double half = points * std::pow(0.95, i) / 2 + 50;
    zoomed.push_back(frame(points / 2.0 - half, points / 2.0 + half));
  }
  print("all in sight, panned", whole);
  print("half in sight, panned", panned);
  print("zoomed to 100 steps", zoomed);
  return 0;
}
