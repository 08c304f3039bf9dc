// Finds, for each tensor of a model, the one of a file that belongs there, when the file may call them otherwise.
// Torch-free, pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/state_tree.h"

namespace cairn::engine {

struct NamedShape {
  std::string name;
  std::vector<std::int64_t> shape;
};

struct NameMatch {
  std::vector<std::optional<std::size_t>> ofModel;  ///< for each of the model's: which of the file's
  std::vector<std::optional<std::size_t>> ofFile;   ///< for each of the file's: which of the model's
  bool byName = false;  ///< all by their names (shapes may still differ); else by order and shape
};

/// By name if the file has every name of the model (all of them behind one prefix, maybe, on either side). Else by
/// order and shape: the first of the file's that end alike ("weight") and have the same shape goes to the first such
/// one of the model's, and so on; then those that have the same shape alone.
NameMatch matchNames(const std::vector<NamedShape>& model, const std::vector<NamedShape>& file);

/// The tensors of a state dict, in its order. Throws Error if it is no dict; what is no tensor is left out.
std::vector<std::pair<std::string, const core::Tensor*>> tensorsOf(const core::StateTree& stateDict);

/// For each tensor of the file that `match` leaves over: the matched one whose bytes it shares (a tied weight).
std::vector<std::optional<std::size_t>> tiedTo(const NameMatch& match,
                                               const std::vector<std::pair<std::string, const core::Tensor*>>& file);

}  // namespace cairn::engine
