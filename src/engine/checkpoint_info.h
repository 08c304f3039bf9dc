// What a checkpoint's tree says of its model and of the data behind it: all that using the model takes besides the
// weights. Torch-free; pure functions.
#pragma once

#include <string>
#include <vector>

#include "core/run_spec.h"
#include "core/state_tree.h"
#include "engine/data/dataset.h"

namespace cairn::engine {

struct CheckpointInfo {
  core::RunSpec spec;
  std::string format;  ///< "csv", "idx" or "text"
  DataShape shape;
  std::vector<std::string> features, targets, classes;
  Normalization normalization;
};

/// Throws Error naming the key if one is missing, or the parts do not fit together.
CheckpointInfo checkpointInfo(const core::StateTree& checkpoint);

}  // namespace cairn::engine
