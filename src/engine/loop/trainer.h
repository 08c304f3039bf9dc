// The training loop: steps, the ends of epochs, and what a person asks for in between. On the training thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "engine/loop/batcher.h"
#include "engine/loop/checkpointer.h"
#include "engine/loop/evaluation.h"
#include "engine/loop/learner.h"
#include "engine/loop/mailbox.h"
#include "engine/loop/reporter.h"

namespace cairn::engine {

/// Time spent training: pauses do not count.
class Stopwatch {
 public:
  using Clock = std::chrono::steady_clock;
  explicit Stopwatch(double before) : before_(before), since_(Clock::now()) {}
  double at(Clock::time_point now) const { return before_ + std::chrono::duration<double>(now - since_).count(); }
  void hold() { before_ = at(Clock::now()); }
  void goOn() { since_ = Clock::now(); }

 private:
  double before_;
  Clock::time_point since_;
};

class Trainer {
 public:
  Trainer(Learner& learner, const SessionOptions& options, Reporter& reporter, Mailbox& mailbox);

  struct Ending {
    core::SessionState state = core::SessionState::Completed;
    std::string reason;
  };
  /// Trains until the run is at its end or a person stops it; a last checkpoint is handed over by then. Throws Error
  /// where the loss is no number any more.
  Ending run();

 private:
  using Clock = std::chrono::steady_clock;

  void step();
  void replaySettings(std::int64_t step);
  void finishStep(Clock::time_point begin);
  void measure(core::Series series, double value);
  void measureAccuracy(const torch::Tensor& logits, const torch::Tensor& target);
  /// The step's update is not made: its loss or gradient is no number.
  [[noreturn]] void failBefore(std::int64_t step, const char* what, double value, double loss);
  [[noreturn]] void failAt(std::int64_t step, const char* what, double value);

  /// False if it was broken off: the validation is due again.
  bool finishEpoch();
  std::optional<Evaluation> validate();
  double monitored(const std::optional<Evaluation>& evaluation) const;
  bool noteImprovement(double value);

  std::optional<Ending> ending() const;
  bool recreating() const { return options_.onlyAt.has_value(); }
  Ending endRecreating();
  void replayLonger();
  /// A checkpoint that is kept whatever comes: its state is looked through first. Throws Error if it is no good.
  void save(core::CheckpointKind kind);
  void settle(bool epochEnded, bool improved);
  std::optional<Ending> obey();
  void changeLr(double lr);
  void applyLr(bool leaving);
  void waitPaused();

  Learner& learner_;
  const SessionOptions& options_;
  Reporter& reporter_;
  Mailbox& mailbox_;
  Batcher batcher_;
  Evaluator evaluator_;
  Checkpointer checkpointer_;
  Stopwatch stopwatch_;
  std::int64_t totalSteps_;
  std::optional<double> pendingLr_;  ///< asked for while a validation is due
  bool checkpointWanted_ = false;    ///< the same
};

}  // namespace cairn::engine
