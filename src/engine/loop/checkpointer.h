// Takes a run's checkpoints: one a step with all its roles, handed over once its tensors are copied and the next
// loss has shown that the state is sound. On the training thread.
#pragma once

#include <chrono>
#include <optional>
#include <set>

#include "core/events.h"
#include "engine/loop/learner.h"
#include "engine/loop/reporter.h"
#include "engine/loop/snapshot.h"

namespace cairn::engine {

using Roles = std::set<core::CheckpointKind>;

class Checkpointer {
 public:
  /// `options` outlives it: what it reads of them is who the run is.
  Checkpointer(const Learner& learner, const SessionOptions& options, Reporter& reporter);

  /// Begins a checkpoint of the state as it is. `proven`: a validation has found this very state sound.
  void take(const Roles& roles, bool proven);
  /// As take, but a checkpoint of this state that has been taken already serves, and gets the role if it can.
  void ensure(core::CheckpointKind role);
  /// Hands over what was begun; must come before each optimizer.step(). Blocks while the copier is at work.
  void hand();
  /// Whether the state as it is has been taken and found sound already.
  bool provenHere() const { return takenHere() && (!begun_ || begun_->proven); }
  /// The state turned out bad: what was begun is dropped unless it is proven.
  void discardUnproven();

  bool dueBySeconds() const;
  /// Step of the newest checkpoint that was handed over, or gone on from.
  std::optional<std::int64_t> lastGoodStep() const { return lastGoodStep_; }

 private:
  struct Begun {
    core::StateTree tree;
    core::CheckpointRecord record;
    Roles roles;
    bool proven = false;
    double stallSeconds = 0;
  };
  /// Where training stood when a checkpoint was last taken.
  struct Taken {
    std::int64_t step = 0;
    Phase phase = Phase::Training;
    double lr = 0;
    bool final = false;
  };

  bool takenHere() const;

  const Learner& learner_;
  const SessionOptions& options_;
  Reporter& reporter_;
  Snapshotter snapshotter_;
  std::optional<Begun> begun_;
  std::optional<Taken> taken_;
  std::optional<std::int64_t> lastGoodStep_;
  std::chrono::steady_clock::time_point lastTime_;
};

}  // namespace cairn::engine
