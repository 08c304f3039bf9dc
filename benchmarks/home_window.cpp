// Opens the window on a home and prints when it could be used, how long it took to show another run (its curves drawn),
// how long a frame of the timeline takes while it is scrolled and zoomed, and the process's memory.
// Usage: bench_home_window HOME; offscreen unless QT_QPA_PLATFORM says otherwise.
#include <QApplication>
#include <QElapsedTimer>
#include <QWheelEvent>
#include <cstdlib>

#include "support/measured.h"
#include "ui/app/main_window.h"
#include "ui/chart/chart_panel.h"
#include "ui/chart/series_store.h"
#include "ui/timeline/timeline_panel.h"

using namespace cairn;

namespace {

constexpr int kPatience = 120;  // seconds

/// Milliseconds of turning the event loop until `ready`.
template <typename Ready>
double turnUntil(Ready ready) {
  const auto begin = bench::Clock::now();
  while (!ready()) {
    QApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 5);
    if (bench::secondsSince(begin) > kPatience) std::fprintf(stderr, "the window did not get ready\n"), std::exit(1);
  }
  return bench::secondsSince(begin) * 1000;
}

/// Shows the run: its first curve is read and the chart was drawn with it.
double select(ui::MainWindow& window, const std::string& run) {
  auto& store = ui::SeriesStore::of(window.client());
  const auto* chart = window.findChild<ui::ChartPanel*>();
  window.selection().selectRun(run);
  return turnUntil([&] {
    const auto* curve = store.curve(run, core::Series::TrainLoss);
    const auto& drawn = chart->scene().curves;
    return curve && curve->size() > 0 &&
           std::any_of(drawn.begin(), drawn.end(), [&](const auto& one) { return one.run == run; });
  });
}

std::vector<double> framesOf(QWidget& timeline) {
  std::vector<double> frames;
  for (int i = 0; i < 100; ++i) {
    const QPointF at(timeline.width() / 2.0, timeline.height() / 2.0);
    const bool zoom = i % 10 == 9;
    QWheelEvent wheel(at, timeline.mapToGlobal(at), {}, {0, i < 50 ? 120 : -120}, Qt::NoButton,
                      zoom ? Qt::ControlModifier : Qt::NoModifier, Qt::NoScrollPhase, false);
    const auto begin = bench::Clock::now();
    QApplication::sendEvent(&timeline, &wheel);
    timeline.repaint();
    frames.push_back(bench::secondsSince(begin) * 1000);
  }
  return frames;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: bench_home_window HOME\n"), 2;
  qputenv("QT_QPA_PLATFORM", qEnvironmentVariable("QT_QPA_PLATFORM", QStringLiteral("offscreen")).toUtf8());
  const auto begin = bench::Clock::now();
  QApplication app(argc, argv);
  ui::MainWindow window(storage::Home{argv[1]});
  window.resize(1920, 1080);
  window.show();
  turnUntil([&] { return window.client().loaded(); });
  QApplication::processEvents();
  const double usable = bench::secondsSince(begin) * 1000;
  turnUntil([wait = QElapsedTimer(), &window]() mutable {  // what the start goes on with settles
    if (!wait.isValid()) wait.start();
    return wait.elapsed() > 1500 && !ui::SeriesStore::of(window.client()).reading();
  });

  const auto runs = window.client().snapshot()->runs;
  std::vector<double> selecting;
  for (std::size_t i = 0; i < std::min<std::size_t>(runs.size(), 20); ++i) {
    selecting.push_back(select(window, runs[i * 7919 % runs.size()].id));
  }
  auto* timeline = window.findChild<ui::TimelinePanel*>();
  const auto frames = timeline ? framesOf(*timeline) : std::vector<double>{};
  bench::print({{"usable", usable},
                {"runs", runs.size()},
                {"select", bench::median(selecting)},
                {"select_longest", bench::quantile(selecting, 1)},
                {"timeline_frame", bench::median(frames)},
                {"timeline_longest", bench::quantile(frames, 1)},
                {"memory", bench::memoryBytes("VmRSS")},
                {"most_memory", bench::memoryBytes("VmHWM")}});
  std::_Exit(0);  // closing would back the catalog up, which is not what is measured
}
