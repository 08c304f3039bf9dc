// Makes a StateTree of a pickle's values: PyTorch's calls become tensors, unknown ones inert nodes. Not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "core/state_tree.h"
#include "storage/pickle_reader.h"
#include "storage/storage_records.h"

namespace cairn::storage {

class TreeBuilder {
 public:
  TreeBuilder(StorageRecords& storages, MemoryBudget& budget, int depthLimit);

  /// Throws Error naming the file: nested too deep, contains itself, a tensor out of bounds, ...
  core::StateTree build(PickleValue& value) { return convert(value, 0); }

 private:
  core::StateTree convert(PickleValue& value, int depth);
  core::StateTree convertOpen(PickleValue& value, int depth);
  core::StateTree::List items(const std::vector<PickleValue*>& values, int depth);
  core::StateTree dict(PickleValue& value, int depth);
  core::StateTree anyDict(PickleValue& value, int depth);
  core::StateTree call(PickleValue& value, int depth);
  core::StateTree opaqueCall(PickleValue& value, int depth);
  std::optional<core::StateTree> known(PickleValue& value, const std::string& name, int depth);
  std::optional<core::StateTree> tensor(PickleValue& call, const std::vector<PickleValue*>& arguments);
  std::optional<core::StateTree> orderedDict(const std::vector<PickleValue*>& arguments, int depth);
  core::StateTree opaque(std::string global, core::StateTree::List arguments = {}, core::StateTree::List state = {});
  core::StateTree text(std::string_view text);
  [[noreturn]] void fail(const std::string& why) const;

  StorageRecords& storages_;
  MemoryBudget& budget_;
  int depthLimit_;
  std::unordered_map<const PickleValue*, core::Tensor> tensors_;  ///< a tensor that is there twice is copied once
};

}  // namespace cairn::storage
