#include "storage/monitor.h"

#include <cmath>

#include "core/series.h"

namespace cairn::storage {

Monitor monitorOf(const core::RunSpec& spec, const core::CheckpointSpec& policy) {
  if (policy.monitor.starts_with("val/") && !spec.hasValidation())
    return {std::string(core::seriesName(core::Series::TrainLoss)), core::Mode::Min};
  return {policy.monitor, policy.mode};
}

std::optional<double> Monitor::valueOf(const core::CheckpointRecord& checkpoint) const {
  if (checkpoint.monitored || isEpochMean()) return checkpoint.monitored;
  const auto found = checkpoint.metrics.find(series);
  return found == checkpoint.metrics.end() ? std::nullopt : std::optional(found->second);
}

bool Monitor::better(double value, double than) const {
  if (std::isnan(value)) return false;
  if (std::isnan(than)) return true;
  return mode == core::Mode::Min ? value < than : value > than;
}

}  // namespace cairn::storage
