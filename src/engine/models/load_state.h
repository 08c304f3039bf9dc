// Puts a file's model_state_dict into a module. One thread at a time.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/state_tree.h"
#include "engine/torch_pch.h"

namespace cairn::engine {

using StateEntries = std::vector<std::pair<std::string, torch::Tensor>>;

/// Copies `saved` into `entries` (see stateEntries), by name; if the names differ, as `names` says (a dict from the
/// file's to the model's), else by order and shape (see match_names.h). The entries then stand in the file's order and
/// bear its names, a tied weight all of them. Returns that dict where a name differs, else None. Throws Error naming
/// the first tensor that does not fit.
core::StateTree loadState(StateEntries& entries, const core::StateTree& saved, const core::StateTree* names = nullptr);

/// The same from a checkpoint file's tree, whose cairn dict may hold the names.
core::StateTree loadWeights(StateEntries& entries, const core::StateTree& checkpoint);

}  // namespace cairn::engine
