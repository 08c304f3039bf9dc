// Trains a spec in the whole window, catalog and checkpoints on and curves live, and prints its steps a second and the
// process's memory; with --gaps instead the longest times that the GUI thread was not back in its event loop, idle and
// training (looking for them costs time of its own).
// Usage: bench_window_training SPEC.json HOME WARMUP_SECONDS SECONDS [--gaps], or --bare for the memory of a process
// that has loaded Qt and LibTorch and does nothing with them; offscreen unless QT_QPA_PLATFORM says otherwise.
#include <QApplication>
#include <QElapsedTimer>
#include <QTimer>
#include <cstdlib>
#include <cstring>

#include "core/run_spec.h"
#include "engine/face/engine.h"
#include "support/measured.h"
#include "ui/app/main_window.h"

using namespace cairn;

namespace {

void turnFor(double seconds) {
  QEventLoop loop;
  QTimer::singleShot(static_cast<int>(seconds * 1000), &loop, &QEventLoop::quit);
  loop.exec();
}

/// A timer fires on turns of the event loop: the time between two of its beats is a gap. One millisecond, not zero: a
/// spinning GUI thread would take a core from training.
class GapMeter : public QObject {
 public:
  GapMeter() {
    timer_.setTimerType(Qt::PreciseTimer);
    timer_.setInterval(1);
    connect(&timer_, &QTimer::timeout, this, [this] {
      gaps_.push_back(static_cast<double>(clock_.nsecsElapsed()) / 1e6);
      clock_.restart();
    });
  }

  /// Milliseconds between the turns of so many seconds.
  std::vector<double> measure(double seconds) {
    gaps_.clear();
    clock_.start();
    timer_.start();
    turnFor(seconds);
    timer_.stop();
    return std::move(gaps_);
  }

 private:
  QTimer timer_;
  QElapsedTimer clock_;
  std::vector<double> gaps_;
};

nlohmann::ordered_json figuresOf(const std::vector<double>& gaps) {
  return {
      {"longest", bench::quantile(gaps, 1)}, {"p999", bench::quantile(gaps, 0.999)}, {"median", bench::median(gaps)}};
}

/// Turns the event loop until `ready`. False: training ended or failed instead.
template <typename Ready>
bool turnUntil(ui::MainWindow& window, Ready ready) {
  while (!ready()) {
    QApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 50);
    if (!window.controller().busy()) return false;
  }
  return true;
}

int printBareMemory() {
  QWidget window;
  window.resize(1600, 1000);
  window.show();
  QApplication::processEvents();
  engine::engine();
  bench::print({{"memory", bench::memoryBytes("VmRSS")}});
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", qEnvironmentVariable("QT_QPA_PLATFORM", QStringLiteral("offscreen")).toUtf8());
  QApplication app(argc, argv);
  if (argc == 2 && std::strcmp(argv[1], "--bare") == 0) return printBareMemory();
  if (argc < 5) return std::fprintf(stderr, "usage: bench_window_training SPEC.json HOME WARMUP SECONDS [--gaps]\n"), 2;
  const auto spec = core::readRunSpec(argv[1]);
  const double warmup = std::atof(argv[3]), seconds = std::atof(argv[4]);
  ui::MainWindow window(storage::Home{argv[2]});
  window.resize(1600, 1000);
  window.show();
  QObject::connect(&window.controller(), &ui::TrainingController::startFailed,
                   [](const Error& error) { std::fprintf(stderr, "%s\n", error.what()), std::exit(1); });
  const bool gaps = argc == 6;
  GapMeter meter;
  turnFor(1);  // start-up is not what is measured
  const auto idle = gaps ? meter.measure(seconds) : std::vector<double>{};

  window.controller().start(spec);
  const auto& live = window.controller().live();
  if (!turnUntil(window, [&] { return live.step > 0; })) return std::fprintf(stderr, "no step was taken\n"), 1;
  turnFor(warmup);
  const auto before = live.step;
  const auto begin = bench::Clock::now();
  std::vector<double> training;
  if (gaps)
    training = meter.measure(seconds);
  else
    turnFor(seconds);
  const double speed = static_cast<double>(live.step - before) / bench::secondsSince(begin);
  const auto plan = live.plan;

  QEventLoop ending;
  QObject::connect(&window.controller(), &ui::TrainingController::becameIdle, &ending, &QEventLoop::quit);
  window.controller().shutDown();
  ending.exec();
  bench::print({{"steps_per_second", speed},
                {"threads", plan.threads},
                {"gap_idle", figuresOf(idle)},
                {"gap_training", figuresOf(training)},
                {"state_bytes", plan.stateBytes},
                {"most_memory", bench::memoryBytes("VmHWM")}});
  return 0;
}
