// The schedules that know nothing but the epoch: StepLR, ExponentialLR and CosineAnnealingLR. On the training thread.
#pragma once

#include "engine/optim/scheduler.h"

namespace cairn::engine {

/// What PyTorch's LRScheduler base class keeps.
class EpochScheduler : public Scheduler {
 public:
  explicit EpochScheduler(double initialLr) : baseLr_(initialLr), lastLr_(initialLr) {}

  double step(double lr, double monitored) final;
  core::StateTree stateDict() const final;
  void loadStateDict(const core::StateTree& saved) final;
  std::optional<double> initialLr() const final { return baseLr_; }

 protected:
  /// The recursion: the lr after `lastEpoch_` epochs from the one before.
  virtual double next(double lr) const = 0;
  virtual void saveOptions(core::StateTree& state) const = 0;
  virtual void loadOptions(const core::StateTree& saved) = 0;

  std::int64_t lastEpoch_ = 0;
  double baseLr_;

 private:
  std::int64_t stepCount_ = 1;  ///< constructing a PyTorch scheduler counts as one
  double lastLr_;
};

class StepScheduler final : public EpochScheduler {
 public:
  StepScheduler(double initialLr, core::StepLR options) : EpochScheduler(initialLr), options_(options) {}

 private:
  double next(double lr) const override;
  void saveOptions(core::StateTree& state) const override;
  void loadOptions(const core::StateTree& saved) override;
  core::StepLR options_;
};

class ExponentialScheduler final : public EpochScheduler {
 public:
  ExponentialScheduler(double initialLr, core::ExponentialLR options) : EpochScheduler(initialLr), options_(options) {}

 private:
  double next(double lr) const override;
  void saveOptions(core::StateTree& state) const override;
  void loadOptions(const core::StateTree& saved) override;
  core::ExponentialLR options_;
};

class CosineScheduler final : public EpochScheduler {
 public:
  /// options.tMax must be positive.
  CosineScheduler(double initialLr, core::CosineAnnealingLR options) : EpochScheduler(initialLr), options_(options) {}

 private:
  double next(double lr) const override;
  void saveOptions(core::StateTree& state) const override;
  void loadOptions(const core::StateTree& saved) override;
  core::CosineAnnealingLR options_;
};

}  // namespace cairn::engine
