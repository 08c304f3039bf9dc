// Prints what logging one value costs the training thread: the session's own reporter, posting to the recorder, which
// stores all of it in a catalog on its own thread meanwhile. Usage: bench_logging HOME VALUES
#include <atomic>
#include <cstdlib>
#include <thread>

#include "core/text.h"
#include "engine/loop/reporter.h"
#include "storage/catalog.h"
#include "storage/recorder.h"
#include "support/measured.h"

using namespace cairn;

namespace {

core::RunRecord newRun(const storage::Home& home) {
  core::RunRecord run;
  run.id = core::newId();
  run.name = "logging";
  run.createdAt = core::nowIso8601();
  run.spec.data.source = core::CsvData{.path = "none.csv", .target = {"y"}};
  storage::Catalog(home, storage::Catalog::Access::Write).insertRun(run);
  return run;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::fprintf(stderr, "usage: bench_logging HOME VALUES\n"), 2;
  const storage::Home home(argv[1]);
  const std::int64_t values = std::atoll(argv[2]);
  const auto run = newRun(home);
  storage::Recorder recorder(home, {.run = run}, nullptr);
  std::atomic<core::SessionState> state{core::SessionState::Training};
  engine::Reporter reporter(recorder, state);

  // Steps of five values, as a classifier's: the clock is read once a step, as in the loop.
  constexpr std::array kSeries = {core::Series::TrainLoss, core::Series::TrainAccuracy, core::Series::Lr,
                                  core::Series::GradNorm, core::Series::StepSeconds};
  double spent = 0;
  const auto begin = bench::Clock::now();
  for (std::int64_t step = 1; step <= values / static_cast<std::int64_t>(kSeries.size());) {
    // Bursts with rest between them: a run logs beside its training, not alone, and the recorder keeps up with it.
    const auto burst = bench::Clock::now();
    for (int i = 0; i < 1000; ++i, ++step) {
      for (const auto series : kSeries) reporter.measured({series, step, 0, double(step) * 1e-3, 1.0 / double(step)});
      reporter.postMetricsIfDue(bench::Clock::now());
    }
    spent += bench::secondsSince(burst);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  reporter.postMetrics();
  recorder.flush();
  bench::print({{"ns_per_value", spent * 1e9 / double(values)}, {"seconds", bench::secondsSince(begin)}});
  return 0;
}
