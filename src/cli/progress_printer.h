// Training as it goes, on stderr: a live bar with ETA on a terminal, plain lines elsewhere.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "cli/terminal.h"
#include "core/events.h"

namespace cairn::cli {

/// post() takes a short lock and never writes; a thread of its own prints. Thread-safe.
class ProgressPrinter : public core::EventSink {
 public:
  ProgressPrinter();
  ~ProgressPrinter() override;  ///< prints what is left, then ends

  void post(const core::Event& event) override;
  /// What repeating recorded steps showed, if any were repeated.
  std::optional<core::ResumeCheck> resumeCheck() const;
  /// For who has asked to stop: if storage fails still, that is what the end waits for, and it is said once more.
  void tellTroubleAgain();

 private:
  struct State {
    std::string phase = "Preparing";
    std::int64_t phaseDone = 0, phaseTotal = 0;
    bool training = false;
    std::int64_t step = 0, totalSteps = 0, epoch = 0, savedStep = -1;
    std::map<core::Series, double> values;
    std::vector<std::string> lines;  ///< to be kept on the screen, oldest first
  };

  void apply(const core::TrainingStarted& event);
  void apply(const core::PhaseProgress& event);
  void apply(const core::MetricsMeasured& event);
  void apply(const core::CheckpointTaken&) {}
  void apply(const core::SettingChanged& event);
  void apply(const core::SessionStateChanged& event);
  void apply(const core::CheckpointStored& event);
  void apply(const core::CheckpointPruned&) {}
  void apply(const core::StorageTrouble& event);
  void apply(const core::StepsRepeated& event);

  void tellDifference(const core::ResumeCheck& check);  // with mutex_ held
  void printAll(std::stop_token stop);
  void printOnce();
  std::string lineOf(const State& state);
  void measureSpeed(std::int64_t step);

  mutable std::mutex mutex_;
  State state_;                             // guarded by mutex_
  std::optional<core::ResumeCheck> check_;  // guarded by mutex_
  std::vector<std::string> changes_;        // guarded by mutex_: of the machine, since the checkpoint
  bool troubled_ = false;                   // guarded by mutex_: storage has failed, and said so

  // The printing thread's own.
  StatusLine status_;
  double stepsPerSecond_ = 0;
  std::int64_t speedStep_ = -1;
  std::chrono::steady_clock::time_point speedTime_;

  std::jthread printer_;  ///< last: ends before what it prints
};

/// "[#####     ]", `width` characters between the brackets.
std::string progressBar(double share, int width);

}  // namespace cairn::cli
