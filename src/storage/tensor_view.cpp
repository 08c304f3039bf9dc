#include "storage/tensor_view.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::storage {

namespace {

constexpr std::size_t kDimensions = 64;  // PyTorch's own limit

/// False if `a * b` or `a + b` leaves the type.
bool multiply(std::int64_t a, std::int64_t b, std::int64_t& result) { return !__builtin_mul_overflow(a, b, &result); }
bool add(std::int64_t a, std::int64_t b, std::int64_t& result) { return !__builtin_add_overflow(a, b, &result); }

/// False if the elements cannot be counted.
bool extentOf(const TensorView& view, ViewExtent& extent) {
  auto& [count, end] = extent;
  if (view.offset < 0 || view.shape.size() != view.strides.size() || view.shape.size() > kDimensions) return false;
  count = 1;
  end = view.offset;
  std::int64_t reach = 0;
  bool sound = true;
  for (std::size_t i = 0; i < view.shape.size(); ++i) {
    if (view.shape[i] < 0 || view.strides[i] < 0) return false;
    sound = sound && multiply(count, view.shape[i], count);
    sound =
        sound && multiply(std::max<std::int64_t>(view.shape[i] - 1, 0), view.strides[i], reach) && add(end, reach, end);
  }
  // An extent of 0 makes the view empty, however great the others are.
  if (std::find(view.shape.begin(), view.shape.end(), 0) != view.shape.end()) {
    count = 0;
    end = 0;
    return true;
  }
  return sound && add(end, 1, end);
}

}  // namespace

std::string storageProblem(std::int64_t numel, std::size_t itemSize, std::uint64_t recordBytes) {
  std::int64_t wanted = 0;
  if (numel >= 0 && multiply(numel, static_cast<std::int64_t>(itemSize), wanted) &&
      static_cast<std::uint64_t>(wanted) <= recordBytes)
    return {};
  return fmt::format("wants {} values, more than the {} bytes in the file hold", numel, recordBytes);
}

std::string viewProblem(const TensorView& view, ViewExtent& extent) {
  if (!extentOf(view, extent)) return "has an impossible shape";
  if (extent.end > view.numel) return "reaches outside the storage";
  return {};
}

bool isContiguous(const TensorView& view) {
  std::int64_t expected = 1;
  for (auto i = view.shape.size(); i-- > 0;) {
    if (view.shape[i] != 1 && view.strides[i] != expected) return false;
    expected *= view.shape[i];
  }
  return true;
}

}  // namespace cairn::storage
