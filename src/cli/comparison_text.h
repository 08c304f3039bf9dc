// Comparisons as text for people. Free functions.
#pragma once

#include <string>
#include <vector>

#include "core/comparison.h"
#include "core/predictions.h"

namespace cairn::cli {

/// A table with a row for each: its letter, id, run, step, epoch, roles.
std::string checkpointsText(const std::vector<core::Compared>& checkpoints);
std::string summaryText(const core::ComparisonSummary& summary, bool allSettings);
std::string weightsText(const core::WeightsComparison& weights);
std::string predictionsText(const core::PredictionComparison& predictions);
std::string pathText(const core::LossPath& path);

}  // namespace cairn::cli
