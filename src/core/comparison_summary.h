// The first page of a comparison: metrics with the best marked, and settings, from records alone. Pure function;
// thread-safe.
#pragma once

#include <vector>

#include "core/comparison.h"

namespace cairn::core {

/// Losses are better the lower, accuracies the higher; nothing is marked of other series, nor where the values were not
/// measured on the same samples by the same loss. Data that is called otherwise is other data unless the
/// fingerprints say that it is the same.
ComparisonSummary summarize(const std::vector<Compared>& checkpoints);

}  // namespace cairn::core
