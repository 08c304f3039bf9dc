// How the plain loops over float memory are compiled, and when they may be used.
#pragma once

#include "engine/torch_pch.h"

// GCC's -O2 vectorizes only loops whose length it knows; these loops are the whole cost of a small model's update.
#if defined(__GNUC__) && !defined(__clang__)
#define CAIRN_VECTORIZED __attribute__((optimize("tree-vectorize", "vect-cost-model=dynamic")))
#else
#define CAIRN_VECTORIZED
#endif

namespace cairn::engine {

/// Whether `tensor` is float memory that a plain loop can walk.
inline bool isPlainFloats(const torch::Tensor& tensor) {
  return tensor.is_cpu() && tensor.scalar_type() == torch::kFloat && tensor.is_contiguous();
}

}  // namespace cairn::engine
