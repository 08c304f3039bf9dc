// The Model class of an exported script, as Python. Torch-free; pure functions.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/run_spec.h"
#include "core/state_tree.h"
#include "engine/data/dataset.h"

namespace cairn::engine {

/// A tensor of the state dict, in its order.
struct ScriptTensor {
  std::string name;       ///< as the checkpoint calls it
  std::string modelName;  ///< as the model does; of a tied weight, its first name's
  const core::Tensor* tensor = nullptr;
};

/// Built of PyTorch's layers, so that the names are those of docs/models.md.
std::string modelOfLayers(const core::ModelSpec& model, const DataShape& shape);
/// The same computation over tensors of any names, in the order of `tensors`.
std::string modelOfNamedTensors(const core::ModelSpec& model, const DataShape& shape,
                                const std::vector<ScriptTensor>& tensors);

/// A text as a Python literal.
std::string pythonText(const std::string& text);

}  // namespace cairn::engine
