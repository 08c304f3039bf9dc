// A checkpoint's model as a Python script that needs torch and nothing else: rebuilds it as an nn.Module with the
// checkpoint's own names, loads the weights file beside it, and predicts as Cairn does. Torch-free; pure functions.
#pragma once

#include <string>

#include "core/state_tree.h"

namespace cairn::engine {

/// `weightsFile` is the name of the file beside the script. Throws Error if the checkpoint does not say what model and
/// data it belongs to.
std::string pythonScript(const core::StateTree& checkpoint, const std::string& weightsFile);

}  // namespace cairn::engine
