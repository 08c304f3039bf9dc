// The loss along the straight line between two checkpoints in the space of weights (Goodfellow, Vinyals and Saxe,
// "Qualitatively characterizing neural network optimization problems", 2015). Free function; any thread.
#pragma once

#include "core/progress.h"
#include "engine/face/comparison.h"

namespace cairn::engine {

core::LossPath lossPathOf(const ComparedFiles& files, const PathOptions& options, const core::Progress& progress);

}  // namespace cairn::engine
