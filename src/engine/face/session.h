// One run in training: a thread of its own, a few verbs, and events out. Torch-free.
//
// All methods may be called from any thread and none blocks but wait() and the destructor. A verb is a request: that
// it took effect is told by an event.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/events.h"
#include "core/run_spec.h"
#include "core/state_tree.h"

namespace cairn::engine {

/// A live change to make again while recorded steps are repeated after a crash.
struct ReplayedSetting {
  std::int64_t step = 0;  ///< the first step that it affects
  double lr = 0;
};

struct SessionOptions {
  core::RunSpec spec;
  std::string runId;
  /// The file's tree to go on from; null: from step 0.
  std::shared_ptr<const core::StateTree> from;
  /// `from` belongs to another run (a branch): counters, sampler and weights are kept, best value and elapsed time too.
  bool branch = false;
  /// Leave the optimizer's state (moments, step counts) behind and start it afresh.
  bool resetOptimizer = false;
  /// A branch's lr in place of the checkpoint's; absent: the spec's if that is another one.
  std::optional<double> lr;
  /// Stop once this step is reached, as a pause would (a checkpoint is taken; the state is Stopped).
  std::optional<std::int64_t> maxSteps;
  std::vector<ReplayedSetting> replay;
  /// Steps after which the run was trained longer, to be made again too: early stopping counts anew from there.
  std::vector<std::int64_t> longerAfter;
  /// The limit before the run was trained longer: what a schedule that reckons with the run's length was made for.
  std::optional<core::TrainingSpec> firstLimit;
  /// From where no own checkpoint says it: the thread count that the run trained with.
  std::optional<int> threads;
  /// Go on although the data is not what `from` was trained on. The epoch in progress begins anew.
  bool acceptOtherData = false;
  /// Take checkpoints at this step alone, one of each state that the run had there (before and after a validation, and
  /// after a change of lr), of kind Recreated; then end as by maxSteps.
  std::optional<std::int64_t> onlyAt;
  std::string parentCheckpoint;  ///< id, written into each file; "" without
};

class Session {
 public:
  virtual ~Session() = default;  ///< Stops as stop() does. Blocks.

  /// Starts the training thread. Events go to `sink`, which must outlive the session. Call once.
  virtual void start(core::EventSink& sink) = 0;

  virtual void pause() = 0;   ///< after the step in progress, with a checkpoint; the thread waits
  virtual void resume() = 0;  ///< ends a pause
  virtual void stop() = 0;    ///< after the step in progress, with a checkpoint; final
  virtual void checkpointNow() = 0;
  virtual void setLr(double lr) = 0;  ///< from the next step on; replaces the schedule's current value

  virtual core::SessionState state() const = 0;
  /// Blocks until the thread has ended; the last event was posted.
  virtual void wait() = 0;
};

}  // namespace cairn::engine
