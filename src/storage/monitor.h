// Which series tells the best of a run, and which of two values is better. A value; thread-safe.
#pragma once

#include <optional>
#include <string>

#include "core/records.h"
#include "core/run_spec.h"

namespace cairn::storage {

/// What `monitor` comes to for a spec: without validation there is only the training loss.
struct Monitor {
  std::string series;
  core::Mode mode = core::Mode::Min;
  /// A training series is measured each step, and one batch says little: what counts is an epoch's mean, which the
  /// engine judges by and checkpoints bear. A validation series' own values are what counts.
  bool isEpochMean() const { return series.starts_with("train/"); }
  /// By which a checkpoint is ranked: what its epoch was judged by; within an epoch, the last validation's value.
  std::optional<double> valueOf(const core::CheckpointRecord& checkpoint) const;
  bool better(double value, double than) const;  ///< NaN is never better, and anything else is better than it
};
Monitor monitorOf(const core::RunSpec& spec, const core::CheckpointSpec& policy);

}  // namespace cairn::storage
