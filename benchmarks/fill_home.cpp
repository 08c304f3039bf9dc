// Makes a home of many runs through storage's own code: metrics by the catalog's packed stretches, checkpoints by its
// rows, with small files in their places. Usage: bench_fill_home HOME RUNS CHECKPOINTS_A_RUN STEPS_A_RUN [FAMILY]
// With FAMILY, of so many runs each all but the first are branches of the first's checkpoints.
//
// A step has five values, and validation's two more at every hundredth: 1,000 runs of 20,000 steps hold 100 million.
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "core/text.h"
#include "storage/catalog.h"
#include "support/measured.h"

using namespace cairn;

namespace {

class Filler {
 public:
  Filler(const storage::Home& home, int checkpoints, int steps, int family)
      : catalog_(home, storage::Catalog::Access::Write), checkpoints_(checkpoints), steps_(steps), family_(family) {}

  void addRun(int number) {
    auto run = runOf(number);
    if (family_ > 1 && number % family_ != 0) branchOff(run, number % family_);
    std::filesystem::create_directories(catalog_.home().runFolder(run.id));
    catalog_.inTransaction([&] {
      catalog_.insertRun(run);
      catalog_.setPlan(run.id, steps_, "cpu", 1);
      if (family_ > 1 && number % family_ == 0) firstOfFamily_.clear();
      addMetrics(run.id, static_cast<int>(run.parentStep) + 1);
      for (int i = 1; i <= checkpoints_; ++i) {
        if (std::int64_t{i} * steps_ / checkpoints_ > run.parentStep) addCheckpoint(run.id, i);
      }
      catalog_.setProgress(run.id, steps_, kEpochs);
      catalog_.setStatus(run.id, core::RunStatus::Completed);
    });
  }

 private:
  static constexpr int kEpochs = 100;

  core::RunRecord runOf(int number) {
    core::RunRecord run;
    run.id = core::newId();
    run.name = fmt::format("run {}", number + 1);
    run.createdAt = run.updatedAt = core::nowIso8601();
    run.spec.name = run.name;
    run.spec.data.source = core::CsvData{.path = "/data/digits.csv", .target = {"digit"}};
    run.spec.data.validationFraction = 0.2;
    run.spec.model = core::MlpModel{.hidden = {64, 64}};
    run.spec.loss = core::LossType::CrossEntropyLoss;
    run.spec.training.epochs = kEpochs;
    run.spec.checkpoints.keepLast = 0;
    run.threads = 1;
    return run;
  }

  void branchOff(core::RunRecord& run, int place) {
    const auto& parent = firstOfFamily_[static_cast<std::size_t>(place) % firstOfFamily_.size()];
    run.parentCheckpoint = parent.id;
    run.parentRun = parent.run;
    run.parentStep = parent.step;
  }

  double lossAt(int step) {
    const double done = static_cast<double>(step) / steps_;
    // Float-valued, as losses of float tensors are.
    return static_cast<float>(2.3 * std::exp(-5 * done) * std::exp(0.2 * noise_(random_)) + 0.02);
  }

  void addMetrics(const std::string& run, int first) {
    using core::Series;
    std::vector<core::MetricPoint> points;
    constexpr int kAtOnce = 4000;  // steps; a recorder's stretches of half a second are about as long
    for (int step = first; step <= steps_; ++step) {
      const std::int64_t epoch = std::int64_t{step} * kEpochs / steps_;
      const double seconds = step * 4e-4, loss = lossAt(step);
      const auto add = [&](Series series, double value) { points.push_back({series, step, epoch, seconds, value}); };
      add(Series::TrainLoss, loss);
      add(Series::TrainAccuracy, static_cast<float>(1 / (1 + loss)));
      add(Series::Lr, 1e-3);
      add(Series::GradNorm, loss * 3.1);
      add(Series::StepSeconds, 4e-4 + 1e-5 * noise_(random_));
      if (step % 100 == 0) add(Series::ValLoss, loss * 1.1), add(Series::ValAccuracy, 1 / (1 + loss * 1.1));
      if (step % kAtOnce != 0 && step != steps_) continue;
      catalog_.appendMetrics(run, points);
      points.clear();
    }
  }

  void addCheckpoint(const std::string& run, int i) {
    core::CheckpointRecord record;
    record.id = core::newId();
    record.run = run;
    record.step = std::int64_t{i} * steps_ / checkpoints_;
    record.epoch = i * kEpochs / checkpoints_;
    record.kind = i == checkpoints_ ? core::CheckpointKind::Final : core::CheckpointKind::Periodic;
    record.loss = lossAt(static_cast<int>(record.step));
    record.metrics = {{"train/loss", *record.loss}, {"val/loss", *record.loss * 1.1}, {"lr", 1e-3}, {"grad_norm", 1.7}};
    record.monitored = *record.loss * 1.1;
    record.path = catalog_.home().checkpointFile(run, record.step, record.id).string();
    record.hash = record.fileHash = core::newId() + core::newId();
    record.createdAt = core::nowIso8601();
    record.saveSeconds = 0.01;
    const std::string content = "stands for a checkpoint\n";
    record.bytes = static_cast<std::int64_t>(content.size());
    std::ofstream(record.path, std::ios::binary) << content;
    catalog_.insertCheckpoint(record);
    if (family_ > 1 && i < checkpoints_ && firstOfFamily_.size() < static_cast<std::size_t>(i)) firstOfFamily_.push_back(record);
  }

  storage::Catalog catalog_;
  int checkpoints_, steps_, family_;
  std::vector<core::CheckpointRecord> firstOfFamily_;  ///< that the others branch from
  std::mt19937 random_{1};
  std::normal_distribution<double> noise_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5 && argc != 6) return std::fprintf(stderr, "usage: bench_fill_home HOME RUNS CHECKPOINTS_A_RUN STEPS_A_RUN [FAMILY]\n"), 2;
  Filler filler(storage::Home(argv[1]), std::atoi(argv[3]), std::atoi(argv[4]), argc > 5 ? std::atoi(argv[5]) : 1);
  const auto begin = bench::Clock::now();
  for (int run = 0; run < std::atoi(argv[2]); ++run) filler.addRun(run);
  bench::print({{"seconds", bench::secondsSince(begin)}});
  return 0;
}
