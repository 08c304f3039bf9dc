#include "storage/monitor.h"

#include <cmath>

#include "core/series.h"

namespace cairn::storage {

Monitor monitorOf(const core::RunSpec& spec, const core::CheckpointSpec& policy) {
  if (policy.monitor.starts_with("val/") && !spec.hasValidation())
    return {std::string(core::seriesName(core::Series::TrainLoss)), core::Mode::Min};
  return {policy.monitor, policy.mode};
}

bool Monitor::better(double value, double than) const {
  if (std::isnan(value)) return false;
  if (std::isnan(than)) return true;
  return mode == core::Mode::Min ? value < than : value > than;
}

}  // namespace cairn::storage
