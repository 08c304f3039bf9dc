// core::Tensor to torch::Tensor and back. Pure functions; any thread.
#pragma once

#include "core/state_tree.h"
#include "engine/torch_pch.h"

namespace cairn::engine {

/// Throws Error for a type that no checkpoint holds (complex, quantized).
core::DType toCore(torch::ScalarType type);
torch::ScalarType toTorch(core::DType type);

/// A copy of `tensor`'s values, from whatever device, contiguous.
core::Tensor toCore(const torch::Tensor& tensor);
/// No copy: the result reads the bytes of `tensor` and keeps their owner alive. They must not be written to, so whoever
/// trains copies it (`copy_`, `clone`). A tensor whose bytes are not aligned for its type is copied.
torch::Tensor toTorch(const core::Tensor& tensor);

}  // namespace cairn::engine
