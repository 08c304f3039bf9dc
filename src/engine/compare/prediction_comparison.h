// What checkpoints predict for the same samples, and on which of them they differ most. Free function; any thread.
#pragma once

#include "core/progress.h"
#include "engine/face/comparison.h"

namespace cairn::engine {

core::PredictionComparison comparePredictionsOf(const ComparedFiles& files, const PredictionOptions& options,
                                                const core::Progress& progress);

}  // namespace cairn::engine
