// A model in use: rebuilt from a checkpoint's tree, with what the tree says of the data it was trained on.
#pragma once

#include <memory>

#include "core/state_tree.h"
#include "engine/face/engine.h"

namespace cairn::engine {

/// Takes the keys of checkpoint_keys.h that a model needs: the weights, spec, data_shape, normalization, and names.
/// Throws Error naming the key if one is missing or does not fit. The tree is not needed afterwards. Blocks.
std::unique_ptr<Predictor> makePredictor(const core::StateTree& checkpoint);

}  // namespace cairn::engine
