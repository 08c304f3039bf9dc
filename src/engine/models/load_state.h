// Puts a file's model_state_dict into a module. One thread at a time.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/state_tree.h"
#include "engine/torch_pch.h"

namespace cairn::engine {

/// Copies `saved` into `entries` (see stateEntries), by name; if the names differ, by order and shape, and then the
/// entries take the file's names. Throws Error naming the first tensor that has no match.
void loadState(std::vector<std::pair<std::string, torch::Tensor>>& entries, const core::StateTree& saved);

}  // namespace cairn::engine
