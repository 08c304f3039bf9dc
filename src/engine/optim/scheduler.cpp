#include "engine/optim/scheduler.h"

#include <algorithm>

#include "engine/optim/epoch_schedulers.h"
#include "engine/optim/plateau_scheduler.h"

namespace cairn::engine {

std::unique_ptr<Scheduler> makeScheduler(const core::LRSchedulerSpec& spec, double initialLr, std::int64_t epochs) {
  if (const auto* step = std::get_if<core::StepLR>(&spec.schedule))
    return std::make_unique<StepScheduler>(initialLr, *step);
  if (const auto* exponential = std::get_if<core::ExponentialLR>(&spec.schedule))
    return std::make_unique<ExponentialScheduler>(initialLr, *exponential);
  if (const auto* cosine = std::get_if<core::CosineAnnealingLR>(&spec.schedule)) {
    auto options = *cosine;
    if (options.tMax == 0) options.tMax = std::max<std::int64_t>(epochs, 1);
    return std::make_unique<CosineScheduler>(initialLr, options);
  }
  if (const auto* plateau = std::get_if<core::ReduceLROnPlateau>(&spec.schedule))
    return std::make_unique<PlateauScheduler>(initialLr, *plateau);
  return nullptr;
}

double warmupFactor(std::int64_t step, std::int64_t warmupSteps) {
  return step < warmupSteps ? static_cast<double>(step) / static_cast<double>(warmupSteps) : 1.0;
}

}  // namespace cairn::engine
