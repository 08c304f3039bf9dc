// ReduceLROnPlateau: lowers the lr when the monitored value has stopped improving. On the training thread.
#pragma once

#include "engine/optim/scheduler.h"

namespace cairn::engine {

class PlateauScheduler final : public Scheduler {
 public:
  PlateauScheduler(double initialLr, core::ReduceLROnPlateau options);

  double step(double lr, double monitored) override;
  core::StateTree stateDict() const override;
  void loadStateDict(const core::StateTree& saved) override;
  std::optional<double> initialLr() const override { return {}; }

 private:
  bool isBetter(double value) const;
  double reduced(double lr) const;

  core::ReduceLROnPlateau options_;
  double best_, lastLr_;
  std::int64_t badEpochs_ = 0, cooldownLeft_ = 0, lastEpoch_ = 0;
};

}  // namespace cairn::engine
