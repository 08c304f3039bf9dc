// The storages of a PyTorch file, read when the first tensor wants them.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/progress.h"
#include "core/state_tree.h"
#include "storage/memory_budget.h"
#include "storage/tensor_view.h"
#include "storage/zip_reader.h"

namespace cairn::storage {

class StorageRecords {
 public:
  StorageRecords(const ZipReader& zip, std::string archive, MemoryBudget& budget, const core::Progress& progress);

  /// A contiguous view shares the storage's bytes; any other is copied. Throws Error if it reaches outside.
  core::Tensor tensor(const TensorView& view);
  /// Checks the CRCs of the entries that no tensor read.
  void checkRest();

 private:
  const Bytes& storage(const TensorView& view);
  core::Tensor gather(const TensorView& view, const Bytes& bytes, std::uint64_t size);
  void makeRoom(std::uint64_t size);
  void advance(std::uint64_t bytes);
  [[noreturn]] void fail(const TensorView& view, const std::string& why) const;

  const ZipReader& zip_;
  std::string archive_;
  MemoryBudget& budget_;
  const core::Progress& progress_;
  std::uint64_t done_ = 0;
  std::unordered_map<const ZipReader::Entry*, Bytes> read_;
  std::unordered_set<const ZipReader::Entry*> dropped_;  ///< read_'s that made room once: none is dropped twice
};

}  // namespace cairn::storage
