// A checkpoint's weights as comparisons want them: under the model's names, each once, and nothing else of the file
// kept in memory. Private to src/training; pure functions.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/compare_weights.h"
#include "core/state_tree.h"

namespace cairn::training {

/// Of a checkpoint file's tree. Throws Error if it holds none.
core::Weights weightsOf(const core::StateTree& checkpoint);

/// The mean |change| that the optimizer would make to a value of each tensor in a step, by the model's name; only of
/// those that it has a state for. Adam, AdamW: lr |m^| / (sqrt(v^) + eps); SGD: lr |momentum|.
std::map<std::string, double> meanSteps(const core::StateTree& checkpoint);

/// A copy that shares no memory with the file's, without the optimizer's state: what comparing takes.
std::shared_ptr<const core::StateTree> withoutOptimizer(const core::StateTree& checkpoint);

}  // namespace cairn::training
