#include "storage/storage_records.h"

#include <fmt/format.h>

#include <cstring>

#include "core/error.h"

namespace cairn::storage {

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
  if (const auto problem = storageProblem(view.numel, core::itemSize(view.dtype), entry->size); !problem.empty())
    fail(view, problem);
  auto known = read_.find(entry);
  if (known == read_.end()) {
    makeRoom(entry->size);
    budget_.charge(entry->size);
    known = read_.emplace(entry, zip_.read(*entry)).first;
    advance(entry->size);
  }
  return known->second;
}

core::Tensor StorageRecords::tensor(const TensorView& view) {
  const auto bytes = storage(view);
  ViewExtent extent;
  if (const auto problem = viewProblem(view, extent); !problem.empty()) fail(view, problem);
  const auto itemSize = core::itemSize(view.dtype);
  if (extent.count == 0) return {view.dtype, view.shape, {}, nullptr};
  std::int64_t size = 0;  // an expanded view (stride 0) may be far greater than its storage
  if (__builtin_mul_overflow(extent.count, static_cast<std::int64_t>(itemSize), &size))
    fail(view, "has an impossible shape");
  if (!isContiguous(view)) return gather(view, bytes, static_cast<std::uint64_t>(size));
  const auto start = static_cast<std::size_t>(view.offset) * itemSize;
  return {view.dtype, view.shape, bytes.view.subspan(start, static_cast<std::size_t>(size)), bytes.owner};
}

/// Copies a strided view in row-major order.
core::Tensor StorageRecords::gather(const TensorView& view, const Bytes& bytes, std::uint64_t size) {
  makeRoom(size);
  budget_.charge(size);
  const auto copy = allocateBytes(static_cast<std::size_t>(size));
  const auto itemSize = core::itemSize(view.dtype);
  std::vector<std::int64_t> index(view.shape.size(), 0);
  auto from = view.offset;
  for (std::size_t to = 0; to < copy.view.size(); to += itemSize) {
    std::memcpy(copy.view.data() + to, bytes.view.data() + static_cast<std::size_t>(from) * itemSize, itemSize);
    for (auto i = index.size(); i-- > 0;) {
      from += view.strides[i];
      if (++index[i] < view.shape[i]) break;
      from -= view.strides[i] * view.shape[i];
      index[i] = 0;
    }
  }
  return {view.dtype, view.shape, copy.view, copy.owner};
}

/// Where `size` would be too much, gives up the storages that no tensor shares (all of theirs are copies). Each once,
/// so that a file cannot make us read it over and over.
void StorageRecords::makeRoom(std::uint64_t size) {
  for (auto entry = read_.begin(); size > budget_.left() && entry != read_.end();) {
    if (entry->second.owner.use_count() > 1 || !dropped_.insert(entry->first).second) {
      ++entry;
      continue;
    }
    budget_.refund(entry->first->size);
    entry = read_.erase(entry);
  }
}

void StorageRecords::checkRest() {
  for (const auto& entry : zip_.entries()) {
    if (read_.contains(&entry) || dropped_.contains(&entry)) continue;
    zip_.check(entry);
    advance(entry.size);
  }
}

}  // namespace cairn::storage
