// The storages of a PyTorch file, read when the first tensor wants them.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/progress.h"
#include "core/state_tree.h"
#include "storage/memory_budget.h"
#include "storage/zip_reader.h"

namespace cairn::storage {

/// A tensor as its pickle describes it; nothing of it is checked yet. Offset and strides are in elements.
struct TensorView {
  std::string storage;  ///< key: the entry "data/KEY"
  core::DType dtype = core::DType::Float32;
  std::int64_t numel = 0;  ///< of the storage
  std::int64_t offset = 0;
  std::vector<std::int64_t> shape, strides;
};

class StorageRecords {
 public:
  StorageRecords(const ZipReader& zip, std::string archive, MemoryBudget& budget, const core::Progress& progress);

  /// A contiguous view shares the storage's bytes; any other is copied. Throws Error if it reaches outside.
  core::Tensor tensor(const TensorView& view);
  /// Checks the CRCs of the entries that no tensor read.
  void checkRest();

 private:
  const Bytes& storage(const TensorView& view);
  core::Tensor gather(const TensorView& view, std::span<const std::byte> bytes, std::uint64_t size);
  void advance(std::uint64_t bytes);
  [[noreturn]] void fail(const TensorView& view, const std::string& why) const;

  const ZipReader& zip_;
  std::string archive_;
  MemoryBudget& budget_;
  const core::Progress& progress_;
  std::uint64_t done_ = 0;
  std::unordered_map<const ZipReader::Entry*, Bytes> read_;
};

}  // namespace cairn::storage
