// Comparisons as JSON, with the keys that docs/cairnctl.md promises. Free functions.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "core/comparison.h"
#include "core/predictions.h"

namespace cairn::cli {

/// Which checkpoints: id, run's id and name, step.
nlohmann::ordered_json checkpointsJson(const std::vector<core::Compared>& checkpoints);
/// An object with the keys `identical`, `settings`, `metrics`, `tensors`, `only_in` and those that docs add.
nlohmann::ordered_json comparisonJson(const std::vector<core::Compared>& checkpoints,
                                      const core::ComparisonSummary& summary, const core::WeightsComparison& weights,
                                      bool allSettings);
nlohmann::ordered_json toJson(const core::PredictionComparison& predictions);
nlohmann::ordered_json toJson(const core::LossPath& path);

}  // namespace cairn::cli
