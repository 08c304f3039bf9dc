#include "storage/storage_records.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "core/error.h"

namespace cairn::storage {

namespace {

constexpr std::size_t kDimensions = 64;  // PyTorch's own limit

/// False if `a * b` or `a + b` leaves the type.
bool multiply(std::int64_t a, std::int64_t b, std::int64_t& result) { return !__builtin_mul_overflow(a, b, &result); }
bool add(std::int64_t a, std::int64_t b, std::int64_t& result) { return !__builtin_add_overflow(a, b, &result); }

/// Elements in the view, and one past the last that it touches; false if they cannot be counted.
bool extentOf(const TensorView& view, std::int64_t& count, std::int64_t& end) {
  if (view.offset < 0 || view.shape.size() != view.strides.size() || view.shape.size() > kDimensions) return false;
  count = 1;
  end = view.offset;
  std::int64_t reach = 0;
  bool sound = true;
  for (std::size_t i = 0; i < view.shape.size(); ++i) {
    if (view.shape[i] < 0 || view.strides[i] < 0) return false;
    sound = sound && multiply(count, view.shape[i], count);
    sound = sound && multiply(std::max<std::int64_t>(view.shape[i] - 1, 0), view.strides[i], reach) && add(end, reach, end);
  }
  // An extent of 0 makes the view empty, however great the others are.
  if (std::find(view.shape.begin(), view.shape.end(), 0) != view.shape.end()) {
    count = 0;
    end = 0;
    return true;
  }
  return sound && add(end, 1, end);
}

bool isContiguous(const TensorView& view) {
  std::int64_t expected = 1;
  for (auto i = view.shape.size(); i-- > 0;) {
    if (view.shape[i] != 1 && view.strides[i] != expected) return false;
    expected *= view.shape[i];
  }
  return true;
}

}  // namespace

StorageRecords::StorageRecords(const ZipReader& zip, std::string archive, MemoryBudget& budget,
                               const core::Progress& progress)
    : zip_(zip), archive_(std::move(archive)), budget_(budget), progress_(progress) {}

void StorageRecords::fail(const TensorView& view, const std::string& why) const {
  throw Error(budget_.file(), fmt::format("a tensor of its storage '{}' {}", view.storage.substr(0, 80), why),
              "the file is damaged, or was made to do harm");
}

void StorageRecords::advance(std::uint64_t bytes) {
  done_ += bytes;
  if (progress_ && !progress_("Reading the checkpoint", static_cast<std::int64_t>(done_),
                              static_cast<std::int64_t>(zip_.source().size())))
    throw Error::cancelled("reading " + budget_.file());
}

const Bytes& StorageRecords::storage(const TensorView& view) {
  const auto* entry = zip_.find(fmt::format("{}/data/{}", archive_, view.storage));
  if (!entry) fail(view, "has no bytes in the file");
  std::int64_t wanted = 0;
  if (view.numel < 0 || !multiply(view.numel, static_cast<std::int64_t>(core::itemSize(view.dtype)), wanted) ||
      static_cast<std::uint64_t>(wanted) > entry->size)
    fail(view, fmt::format("wants {} values, more than the {} bytes in the file hold", view.numel, entry->size));
  auto known = read_.find(entry);
  if (known == read_.end()) {
    known = read_.emplace(entry, zip_.read(*entry)).first;
    advance(entry->size);
  }
  return known->second;
}

core::Tensor StorageRecords::tensor(const TensorView& view) {
  const auto& bytes = storage(view);
  std::int64_t count = 0, end = 0;
  if (!extentOf(view, count, end)) fail(view, "has an impossible shape");
  if (end > view.numel) fail(view, "reaches outside the storage");
  const auto itemSize = core::itemSize(view.dtype);
  if (count == 0) return {view.dtype, view.shape, {}, nullptr};
  if (isContiguous(view)) {
    const auto start = static_cast<std::size_t>(view.offset) * itemSize;
    return {view.dtype, view.shape, bytes.view.subspan(start, static_cast<std::size_t>(count) * itemSize), bytes.owner};
  }
  std::int64_t size = 0;  // an expanded view (stride 0) may be far greater than its storage
  if (!multiply(count, static_cast<std::int64_t>(itemSize), size)) fail(view, "has an impossible shape");
  return gather(view, bytes.view, static_cast<std::uint64_t>(size));
}

/// Copies a strided view in row-major order.
core::Tensor StorageRecords::gather(const TensorView& view, std::span<const std::byte> bytes, std::uint64_t size) {
  budget_.charge(size);
  const auto copy = allocateBytes(static_cast<std::size_t>(size));
  const auto itemSize = core::itemSize(view.dtype);
  std::vector<std::int64_t> index(view.shape.size(), 0);
  auto from = view.offset;
  for (std::size_t to = 0; to < copy.view.size(); to += itemSize) {
    std::memcpy(copy.view.data() + to, bytes.data() + static_cast<std::size_t>(from) * itemSize, itemSize);
    for (auto i = index.size(); i-- > 0;) {
      from += view.strides[i];
      if (++index[i] < view.shape[i]) break;
      from -= view.strides[i] * view.shape[i];
      index[i] = 0;
    }
  }
  return {view.dtype, view.shape, copy.view, copy.owner};
}

void StorageRecords::checkRest() {
  for (const auto& entry : zip_.entries()) {
    if (read_.contains(&entry)) continue;
    zip_.check(entry);
    advance(entry.size);
  }
}

}  // namespace cairn::storage
