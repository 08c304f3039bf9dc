// Which series tells the best of a run, and which of two values is better. A value; thread-safe.
#pragma once

#include <string>

#include "core/run_spec.h"

namespace cairn::storage {

/// What `monitor` comes to for a spec: without validation there is only the training loss.
struct Monitor {
  std::string series;
  core::Mode mode = core::Mode::Min;
  bool better(double value, double than) const;  ///< NaN is never better, and anything else is better than it
};
Monitor monitorOf(const core::RunSpec& spec, const core::CheckpointSpec& policy);

}  // namespace cairn::storage
