// When a tensor's memory may be walked as plain floats.
#pragma once

#include "engine/torch_pch.h"

namespace cairn::engine {

/// Whether `tensor` is float memory that a plain loop can walk.
inline bool isPlainFloats(const torch::Tensor& tensor) {
  return tensor.is_cpu() && tensor.scalar_type() == torch::kFloat && tensor.is_contiguous();
}

}  // namespace cairn::engine
