// The data that was loaded last: whoever resumes a run or branches from one trains on the same, and need not read it
// again. One for the process. Thread-safe.
#pragma once

#include <memory>

#include "core/progress.h"
#include "core/run_spec.h"

namespace cairn::engine {

struct PreparedData;

/// As loadDataset() gives it, prepared. What was loaded last is given again if spec, seed and files are the same by
/// their inodes, sizes and times of change; large data is held only as long as somebody trains on it. Throws as
/// loadDataset(). Blocks.
std::shared_ptr<const PreparedData> preparedData(const core::RunSpec& spec, const core::Progress& progress);

}  // namespace cairn::engine
