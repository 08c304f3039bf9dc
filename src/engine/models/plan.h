// What a model will be, layer by layer, worked out from the spec and the data's ends without making it: for summaries,
// and to refuse sizes that cannot be before any memory is taken. Torch-free, pure functions.
#pragma once

#include <cstdint>
#include <vector>

#include "core/run_spec.h"
#include "engine/data/dataset.h"
#include "engine/face/engine.h"

namespace cairn::engine {

struct ModelPlan {
  std::vector<LayerSummary> layers;
  std::int64_t parameters = 0;
  std::int64_t buffers = 0;      ///< values that are state but not learnt
  std::int64_t flattened = 0;    ///< CNN: values an image that reach the classifier
};

/// Throws Error of kind Invalid, naming the key, if the model cannot take this data or would not fit into memory.
ModelPlan planModel(const core::ModelSpec& spec, const DataShape& shape);

}  // namespace cairn::engine
