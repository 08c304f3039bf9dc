// Shows all runs of a home at once, then scrolls, zooms, pans and hovers over the timeline as a person does, sixty times a
// second, and prints how long the window was busy with each frame: chart and timeline are painted on the way.
// Usage: bench_timeline_frames HOME; offscreen unless QT_QPA_PLATFORM says otherwise.
#include <QApplication>
#include <QMouseEvent>
#include <QTreeView>
#include <QWheelEvent>
#include <cmath>
#include <cstdlib>

#include "support/measured.h"
#include "ui/app/main_window.h"
#include "ui/chart/chart_panel.h"
#include "ui/chart/qcustomplot_face.h"
#include "ui/chart/series_store.h"
#include "ui/timeline/timeline_panel.h"

using namespace cairn;

namespace {

constexpr int kPatience = 300;  // seconds
constexpr int kFrames = 180;
constexpr double kFrame = 1.0 / 60;

template <typename Ready>
double turnUntil(Ready ready) {
  const auto begin = bench::Clock::now();
  while (!ready()) {
    QApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 5);
    if (bench::secondsSince(begin) > kPatience) std::fprintf(stderr, "the window did not get ready\n"), std::exit(1);
  }
  return bench::secondsSince(begin) * 1000;
}

/// Counts what is painted.
class Paints : public QObject {
 public:
  int count = 0;
  bool eventFilter(QObject*, QEvent* event) override {
    count += event->type() == QEvent::Paint;
    return false;
  }
};

/// Milliseconds that the event loop was busy in each sixtieth of a second, with what `act` set off.
std::vector<double> framesOf(const std::function<void(int)>& act) {
  std::vector<double> frames;
  for (int i = 0; i < kFrames; ++i) {
    const auto begin = bench::Clock::now();
    double busy = 0;
    const auto timed = [&](auto work) {
      const auto start = bench::Clock::now();
      work();
      busy = std::max(busy, bench::secondsSince(start) * 1000);
    };
    timed([&] { act(i); });
    do {
      timed([] { QApplication::processEvents(QEventLoop::AllEvents); });
    } while (bench::secondsSince(begin) < kFrame);
    frames.push_back(busy);
  }
  return frames;
}

void turn(QWidget& widget, int notches, Qt::KeyboardModifiers keys) {
  const QPointF at(widget.width() * 0.6, widget.height() / 2.0);
  QWheelEvent wheel(at, widget.mapToGlobal(at), {}, {0, 120 * notches}, Qt::NoButton, keys, Qt::NoScrollPhase, false);
  QApplication::sendEvent(&widget, &wheel);
}

void mouse(QWidget& widget, QEvent::Type type, QPointF at, Qt::MouseButtons buttons) {
  const auto button = type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton;
  QMouseEvent event(type, at, widget.mapToGlobal(at), button, buttons, Qt::NoModifier);
  QApplication::sendEvent(&widget, &event);
}

void wait(double seconds) {
  turnUntil([begin = bench::Clock::now(), seconds] { return bench::secondsSince(begin) > seconds; });
}

void print(const char* name, const std::vector<double>& frames, int paints) {
  std::printf("%-8s median %6.2f ms, 95 %% %6.2f, longest %6.2f, timeline painted %d times in %d frames\n", name,
              bench::median(frames), bench::quantile(frames, 0.95), bench::quantile(frames, 1), paints, kFrames);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: bench_timeline_frames HOME\n"), 2;
  qputenv("QT_QPA_PLATFORM", qEnvironmentVariable("QT_QPA_PLATFORM", QStringLiteral("offscreen")).toUtf8());
  QApplication app(argc, argv);
  ui::MainWindow window(storage::Home{argv[1]});
  window.resize(1920, 1080);
  window.show();
  turnUntil([&] { return window.client().loaded(); });
  auto* timeline = window.findChild<ui::TimelinePanel*>();
  auto* chart = window.findChild<ui::ChartPanel*>();
  auto& store = ui::SeriesStore::of(window.client());
  auto* tree = window.findChild<QTreeView*>(QStringLiteral("runTree"));
  tree->setFocus();
  const auto begin = bench::Clock::now();
  tree->selectAll();
  const double selecting = bench::secondsSince(begin) * 1000;
  const auto runs = window.client().snapshot()->runs.size();
  turnUntil([&] { return timeline->lanes().size() == runs && chart->scene().curves.size() >= runs && !store.reading(); });
  const double shown = bench::secondsSince(begin) * 1000;
  wait(1);
  std::printf("%zu runs, %zu checkpoints: selecting all %.0f ms, all curves shown after %.0f ms\n", runs,
              window.client().snapshot()->checkpointCount(), selecting, shown);

  Paints paints;
  timeline->installEventFilter(&paints);
  const auto measure = [&](const char* name, const std::function<void(int)>& act) {
    paints.count = 0;
    const auto frames = framesOf(act);
    print(name, frames, paints.count);
    wait(0.3);
  };
  measure("scroll", [&](int i) { turn(*timeline, i % 90 < 45 ? -1 : 1, Qt::ShiftModifier); });
  measure("zoom", [&](int i) { turn(*timeline, i % 40 < 20 ? 1 : -1, Qt::NoModifier); });
  const QPointF middle(timeline->width() / 2.0, timeline->height() / 2.0);
  mouse(*timeline, QEvent::MouseButtonPress, middle, Qt::LeftButton);
  measure("pan", [&](int i) {
    mouse(*timeline, QEvent::MouseMove, middle + QPointF(200 * std::sin(i / 20.0), 60 * std::cos(i / 15.0)),
          Qt::LeftButton);
  });
  mouse(*timeline, QEvent::MouseButtonRelease, middle + QPointF(50, 0), Qt::NoButton);
  measure("hover", [&](int i) {
    mouse(*timeline, QEvent::MouseMove, middle + QPointF(400 * std::sin(i / 30.0), 50 * std::cos(i / 11.0)),
          Qt::NoButton);
  });
  measure("refresh", [&](int i) {  // as while a run trains and stores
    if (i % 15 == 0) window.client().refresh();
  });
  std::printf("memory %.0f MB\n", bench::memoryBytes("VmRSS") / 1e6);
  std::_Exit(0);
}
