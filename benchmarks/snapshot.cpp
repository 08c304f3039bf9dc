// Trains with checkpoints at every Nth step and prints how long the training thread waited for each, how long a step
// took, and how long a plain copy of the same bytes takes. Usage: bench_snapshot SPEC.json HOME STEPS EVERY
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "core/events.h"
#include "storage/catalog.h"
#include "support/measured.h"
#include "training/job.h"

using namespace cairn;

namespace {

/// The first ones warm the staging memory up and are not counted.
constexpr std::int64_t kWarmSteps = 4;

class Watch final : public core::EventSink {
 public:
  void post(const core::Event& event) override {
    const std::lock_guard lock(mutex_);
    if (const auto* started = std::get_if<core::TrainingStarted>(&event)) stateBytes = started->stateBytes;
    if (const auto* taken = std::get_if<core::CheckpointTaken>(&event))
      if (taken->record.step > kWarmSteps) stalls.push_back(taken->stallSeconds);
    if (const auto* stored = std::get_if<core::CheckpointStored>(&event)) saves.push_back(stored->record.saveSeconds);
    if (std::holds_alternative<core::StorageTrouble>(event)) ++troubles;
    if (const auto* measured = std::get_if<core::MetricsMeasured>(&event)) take(*measured);
  }

  std::vector<double> stalls, saves, steps;  ///< seconds
  double first = 0, last = 0;  ///< seconds of training at the first counted step's begin, and the last's end
  std::int64_t stateBytes = 0;
  int troubles = 0;

 private:
  void take(const core::MetricsMeasured& measured) {
    for (const auto& point : measured.points) {
      if (point.series != core::Series::StepSeconds) continue;
      if (point.step == kWarmSteps) first = point.seconds;
      if (point.step > kWarmSteps) steps.push_back(point.value);
      last = point.seconds;
    }
  }

  std::mutex mutex_;  // guards all: two threads post
};

/// A warm memcpy of so many bytes.
double secondsOfCopy(std::int64_t bytes) {
  std::vector<char> from(static_cast<std::size_t>(bytes), 1), to(static_cast<std::size_t>(bytes), 2);
  std::vector<double> seconds;
  for (int i = 0; i < 3; ++i) {
    const auto begin = bench::Clock::now();
    std::memcpy(to.data(), from.data(), to.size());
    seconds.push_back(bench::secondsSince(begin));
  }
  return *std::min_element(seconds.begin(), seconds.end());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return std::fprintf(stderr, "usage: bench_snapshot SPEC.json HOME STEPS EVERY\n"), 2;
  auto spec = core::readRunSpec(argv[1]);
  const std::int64_t steps = std::atoll(argv[3]);
  spec.training.epochs.reset();
  spec.training.steps = steps;
  spec.checkpoints.everyEpochs = 0;
  spec.checkpoints.everySteps = std::atoll(argv[4]);
  spec.checkpoints.keepLast = 1;
  Watch watch;
  const auto job = training::Job::train(storage::Home(argv[2]), spec);
  job->start(watch);
  job->wait();
  bench::print({{"state_bytes", watch.stateBytes},
                {"stall", bench::median(watch.stalls)},
                {"longest_stall", bench::quantile(watch.stalls, 1)},
                {"step", bench::median(watch.steps)},
                {"seconds_per_step", (watch.last - watch.first) / double(steps - kWarmSteps)},
                {"save", bench::median(watch.saves)},
                {"queue_full", watch.troubles},
                {"most_memory", bench::memoryBytes("VmHWM")},
                {"copy", secondsOfCopy(watch.stateBytes)}});
  return 0;
}
