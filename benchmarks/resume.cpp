// In a warm process, opens a checkpoint and takes the first resumed step, as Resume in the window does, over and over;
// prints the median time. Usage: bench_resume HOME RUN TIMES
#include <condition_variable>
#include <cstdlib>
#include <mutex>

#include "core/events.h"
#include "engine/face/engine.h"
#include "storage/catalog.h"
#include "storage/checkpoint_files.h"
#include "support/measured.h"

using namespace cairn;

namespace {

/// Knows when training began and how long its first step took.
class FirstStep final : public core::EventSink {
 public:
  void post(const core::Event& event) override {
    const std::lock_guard lock(mutex_);
    if (std::holds_alternative<core::TrainingStarted>(event)) began_ = bench::Clock::now();
    if (const auto* measured = std::get_if<core::MetricsMeasured>(&event))
      for (const auto& point : measured->points)
        if (point.series == core::Series::StepSeconds && !step_) step_ = point.value;
    if (const auto* change = std::get_if<core::SessionStateChanged>(&event); change && core::isFinal(change->state))
      over_ = true;
    changed_.notify_all();
  }

  /// Blocks. Seconds from `since` to the beginning of the first step, and of the step.
  std::pair<double, double> wait(bench::Clock::time_point since) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return step_ || over_; });
    if (!step_) throw Error("resume", "the session ended before its first step");
    return {std::chrono::duration<double>(began_ - since).count(), *step_};
  }

 private:
  std::mutex mutex_;  // guards the rest
  std::condition_variable changed_;
  bench::Clock::time_point began_;
  std::optional<double> step_;
  bool over_ = false;
};

struct Times {
  double reading = 0, preparing = 0, step = 0;  ///< seconds
  double all() const { return reading + preparing + step; }
};

Times resumeOnce(storage::Catalog& catalog, const core::RunRecord& run, const core::CheckpointRecord& checkpoint) {
  FirstStep first;
  const auto begin = bench::Clock::now();
  engine::SessionOptions options;
  options.spec = run.spec;
  options.spec.training.epochs.reset();
  options.spec.training.steps = checkpoint.step + 1'000'000;
  options.spec.checkpoints = {.everyEpochs = 0};
  options.runId = run.id;
  options.from = storage::readCheckpoint(catalog.files(), checkpoint);
  Times times;
  times.reading = bench::secondsSince(begin);
  const auto session = engine::engine().createSession(std::move(options));
  session->start(first);
  const auto [began, step] = first.wait(begin);
  times.preparing = began - times.reading;
  times.step = step;
  session->stop();
  session->wait();
  return times;
}

double medianOf(const std::vector<Times>& all, double (*part)(const Times&)) {
  std::vector<double> values;
  for (const auto& times : all) values.push_back(part(times));
  return bench::median(std::move(values));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return std::fprintf(stderr, "usage: bench_resume HOME RUN TIMES\n"), 2;
  storage::Catalog catalog(storage::Home(argv[1]), storage::Catalog::Access::Read);
  const auto run = catalog.findRun(argv[2]);
  const auto checkpoint = catalog.newestReady(run.id);
  if (!checkpoint) return std::fprintf(stderr, "bench_resume: the run has no checkpoint\n"), 1;
  std::vector<Times> all;
  resumeOnce(catalog, run, *checkpoint);  // the process is warm from now on
  for (int i = 0; i < std::atoi(argv[3]); ++i) all.push_back(resumeOnce(catalog, run, *checkpoint));
  bench::print({{"seconds", medianOf(all, [](const Times& times) { return times.all(); })},
                {"reading", medianOf(all, [](const Times& times) { return times.reading; })},
                {"preparing", medianOf(all, [](const Times& times) { return times.preparing; })},
                {"step", medianOf(all, [](const Times& times) { return times.step; })},
                {"bytes", checkpoint->bytes}});
  return 0;
}
