// The learning rate's schedule, stepped once an epoch: PyTorch's own chained recursion, not the closed form, whose last
// bits differ. Used on the training thread alone.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/run_spec.h"
#include "core/state_tree.h"

namespace cairn::engine {

class Scheduler {
 public:
  virtual ~Scheduler() = default;

  /// The lr of the next epoch from that of the one that has ended, and the monitored value (see ReduceLROnPlateau).
  virtual double step(double lr, double monitored) = 0;
  /// With the keys of PyTorch's scheduler of the same name.
  virtual core::StateTree stateDict() const = 0;
  virtual void loadStateDict(const core::StateTree& saved) = 0;
  /// What the schedule started from: the optimizer's group notes it as initial_lr. Plateau notes none.
  virtual std::optional<double> initialLr() const = 0;
};

/// Null for a constant lr. `epochs` is the run's length: what T_max 0 stands for.
std::unique_ptr<Scheduler> makeScheduler(const core::LRSchedulerSpec& spec, double initialLr, std::int64_t epochs);

/// What warm-up multiplies the schedule's lr by at step N, the first being 1.
double warmupFactor(std::int64_t step, std::int64_t warmupSteps);

}  // namespace cairn::engine
