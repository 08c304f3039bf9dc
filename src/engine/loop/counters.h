// Where a run stands in time, and every number that it carries from step to step beside its tensors. Plain values,
// owned by the training thread; all of it goes into a checkpoint.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/records.h"
#include "core/series.h"

namespace cairn::engine {

/// Validating: the epoch's steps are taken, its validation and the scheduler's step are due.
enum class Phase { Training, Validating };

/// A sum and a count behind a displayed mean.
struct Meter {
  double sum = 0;
  std::int64_t count = 0;

  void add(double total, std::int64_t of) { sum += total, count += of; }
  std::optional<double> mean() const;
};

struct Improvement {
  std::optional<double> best;  ///< of checkpoints.monitor
  std::int64_t bestStep = 0, bestEpoch = 0;
  std::optional<double> reference;  ///< best that early stopping counts from: min_delta away from the one before
  std::int64_t badEpochs = 0;       ///< since then
};

struct Counters {
  std::int64_t step = 0;   ///< optimizer steps taken
  std::int64_t epoch = 0;  ///< epochs whose steps are all taken
  Phase phase = Phase::Training;
  double lr = 0;               ///< the recursion's current value, warm-up not applied
  std::optional<double> loss;  ///< the last training loss
  Meter epochLoss, epochAccuracy;
  Improvement improvement;
  std::optional<double> monitored;  ///< what the epoch that ends here was judged by; none within an epoch
  std::array<std::optional<double>, core::kAllSeries.size()> newest;  ///< value of each series
  std::vector<core::RunEvent> events;                                 ///< live changes so far
  double elapsedSeconds = 0;

  std::optional<double>& newestOf(core::Series series) { return newest[static_cast<std::size_t>(series)]; }
  const std::optional<double>& newestOf(core::Series series) const { return newest[static_cast<std::size_t>(series)]; }
};

}  // namespace cairn::engine
