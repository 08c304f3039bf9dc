// Where a checkpoint from elsewhere keeps its parts: the forms that PyTorch's users write. Torch-free, pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/state_tree.h"

namespace cairn::engine {

/// Views into a file's tree; null: the file has no such part.
struct ForeignParts {
  const core::StateTree* model = nullptr;      ///< a dict name -> tensor
  std::string modelKey;                        ///< where it stood; "" if the file is nothing else
  const core::StateTree* optimizer = nullptr;  ///< {state, param_groups}
  const core::StateTree* scheduler = nullptr;  ///< a dict
  const core::StateTree* cpuRng = nullptr;     ///< a tensor
  const core::StateTree* cudaRng = nullptr;    ///< a list of tensors, or one
  const core::StateTree* cairn = nullptr;      ///< Cairn's own dict: the file is one of its checkpoints
  std::optional<std::int64_t> epoch, step;
  std::optional<double> loss;
};

/// `weightsOnly` finds the model alone. Throws Error if there are no weights, saying what there is instead.
ForeignParts findParts(const core::StateTree& file, bool weightsOnly);

}  // namespace cairn::engine
