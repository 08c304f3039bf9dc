// The mean of checkpoints as the first checkpoint of a run. Free function; any thread.
#pragma once

#include <string>

#include "core/progress.h"
#include "engine/face/comparison.h"

namespace cairn::engine {

AveragedCheckpoint averageOf(const ComparedFiles& files, const std::string& runId, const std::string& name,
                             const core::Progress& progress);

}  // namespace cairn::engine
