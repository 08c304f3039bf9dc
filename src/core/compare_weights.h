// The second page of a comparison: weights, tensor by tensor. Pure functions; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "core/comparison.h"
#include "core/progress.h"
#include "core/state_tree.h"

namespace cairn::core {

/// A tensor under the name that the model gives it.
struct NamedTensor {
  std::string name;
  Tensor tensor;
  bool learnt = true;             ///< false: a buffer
  std::vector<std::string> tied;  ///< other names of it in the file
};
using Weights = std::vector<NamedTensor>;  ///< of one checkpoint, in its file's order, each name once

/// Blocks; throws Error of kind Cancelled. Tells progress in values.
WeightsComparison compareWeights(const std::vector<Weights>& checkpoints, const Progress& progress = {});

/// Of a tensor that all have in one shape; without meanStep. Throws Error if they have not, or for less than one bin.
TensorDetail detailOf(const std::vector<Weights>& checkpoints, const std::string& name, int bins);

}  // namespace cairn::core
