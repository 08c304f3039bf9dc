// A module's state as PyTorch's state_dict() lists it. One thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/torch_pch.h"

namespace cairn::engine {

/// Parameters and buffers by name, in the order of Python's state_dict(): a module's own parameters, its own buffers,
/// then its children. The tensors are the module's own, not copies.
std::vector<std::pair<std::string, torch::Tensor>> stateEntries(const torch::nn::Module& module);

}  // namespace cairn::engine
