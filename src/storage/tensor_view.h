// A tensor as a file describes it, and whether that can be true. Values and free functions, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/state_tree.h"

namespace cairn::storage {

/// Nothing of it is checked yet. Offset and strides are in elements.
struct TensorView {
  std::string storage;  ///< key: the entry "data/KEY"
  core::DType dtype = core::DType::Float32;
  std::int64_t numel = 0;  ///< of the storage
  std::int64_t offset = 0;
  std::vector<std::int64_t> shape, strides;
};

/// What a view takes of its storage, in elements.
struct ViewExtent {
  std::int64_t count = 0;  ///< of elements in the view
  std::int64_t end = 0;    ///< one past the last that it touches; 0 of an empty view
};

/// Throws nothing; returns what is wrong with the storage's own announcement, or "".
std::string storageProblem(std::int64_t numel, std::size_t itemSize, std::uint64_t recordBytes);
/// Counts the view's elements; returns what is wrong with it, or "".
std::string viewProblem(const TensorView& view, ViewExtent& extent);
/// Row-major without gaps. Requires a view without a problem.
bool isContiguous(const TensorView& view);

}  // namespace cairn::storage
