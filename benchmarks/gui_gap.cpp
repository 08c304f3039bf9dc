// Prints the longest time that the GUI thread was not back in its event loop: first with the window idle, then while a
// small MLP trains flat out. Usage: bench_gui_gap [seconds]; offscreen unless QT_QPA_PLATFORM says otherwise.
#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTimer>
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/run_spec.h"
#include "ui/app/main_window.h"

namespace {

/// A zero-delay timer fires on each turn of the event loop: the time between two of its beats is a gap.
class GapMeter : public QObject {
 public:
  GapMeter() {
    timer_.setTimerType(Qt::PreciseTimer);
    connect(&timer_, &QTimer::timeout, this, [this] {
      gaps_.push_back(static_cast<double>(clock_.nsecsElapsed()) / 1e6);
      clock_.restart();
    });
    // One millisecond, not zero: a spinning GUI thread would take a core from training.
    timer_.setInterval(1);
  }

  std::vector<double> measure(double seconds) {
    gaps_.clear();
    clock_.start();
    timer_.start();
    QEventLoop loop;
    QTimer::singleShot(static_cast<int>(seconds * 1000), &loop, &QEventLoop::quit);
    loop.exec();
    timer_.stop();
    std::sort(gaps_.begin(), gaps_.end());
    return gaps_;
  }

 private:
  QTimer timer_;
  QElapsedTimer clock_;
  std::vector<double> gaps_;  // milliseconds
};

void print(const char* what, const std::vector<double>& gaps) {
  const auto at = [&](double part) { return gaps[static_cast<std::size_t>(part * static_cast<double>(gaps.size() - 1))]; };
  std::printf("%-10s longest %6.1f ms   99.9 %% %6.1f ms   median %5.2f ms   (%zu turns)\n", what, at(1), at(0.999), at(0.5),
              gaps.size());
}

cairn::core::RunSpec flatOut(const std::string& examples) {
  auto spec = cairn::core::readRunSpec(examples + "/digits.json");
  spec.name = "flat out";
  spec.training.epochs = 1'000'000;
  spec.training.threads = 1;
  spec.earlyStopping.reset();
  return spec;
}

}  // namespace

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", qEnvironmentVariable("QT_QPA_PLATFORM", QStringLiteral("offscreen")).toUtf8());
  QApplication app(argc, argv);
  const double seconds = argc > 1 ? std::atof(argv[1]) : 20;
  const QTemporaryDir home;
  cairn::ui::MainWindow window(cairn::storage::Home(home.path().toStdString()));
  window.resize(1600, 1000);
  window.show();
  GapMeter meter;
  meter.measure(2);  // start-up is not what is measured
  print("idle", meter.measure(seconds));

  window.controller().start(flatOut(CAIRN_EXAMPLES));
  while (window.controller().live().step < 100) QApplication::processEvents(QEventLoop::AllEvents, 50);
  const auto before = window.controller().live().step;
  print("training", meter.measure(seconds));
  std::printf("%.0f steps/s\n", static_cast<double>(window.controller().live().step - before) / seconds);

  QEventLoop ending;
  QObject::connect(&window.controller(), &cairn::ui::TrainingController::becameIdle, &ending, &QEventLoop::quit);
  window.controller().shutDown();
  ending.exec();
  return 0;
}
