// A module's state as PyTorch's state_dict() lists it. One thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/state_tree.h"
#include "engine/torch_pch.h"

namespace cairn::engine {

/// Parameters and buffers by name, in the order of Python's state_dict(): a module's own parameters, its own buffers,
/// then its children. The tensors are the module's own, not copies.
std::vector<std::pair<std::string, torch::Tensor>> stateEntries(const torch::nn::Module& module);

/// Copies a file's `model_state_dict` into the module. If names differ, tensors are matched by order and shape.
/// Returns the file's names in the order of stateEntries(). Throws Error if they do not fit.
std::vector<std::string> loadState(torch::nn::Module& module, const core::StateTree& stateDict);

}  // namespace cairn::engine
