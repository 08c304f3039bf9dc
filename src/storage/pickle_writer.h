// A StateTree as a pickle of protocol 2, with only the opcodes and globals that PyTorch's weights_only unpickler takes.
// Not thread-safe; one object is one pickle.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/state_tree.h"
#include "storage/pickle_ops.h"

namespace cairn::storage {

class PickleWriter {
 public:
  explicit PickleWriter(const core::StateTree& tree);

  const std::string& bytes() const { return out_; }
  /// The Nth is what the pickle calls storage "N". Views into the tree.
  const std::vector<core::Tensor>& storages() const { return storages_; }

 private:
  void op(pickle::Op op) { out_ += static_cast<char>(op); }
  void value(const core::StateTree& tree, int depth);
  void whole(std::int64_t value);
  void longInteger(std::int64_t value);
  void real(double value);
  void text(std::string_view text);
  void global(const std::string& moduleAndName);
  void list(const core::StateTree::List& list, int depth);
  void tuple(const core::StateTree::Tuple& tuple, int depth);
  void dict(const core::StateTree::Dict& dict, int depth);
  void emptyOrderedDict();
  void metadata(const core::StateTree::Dict& stateDict, int depth);
  void tensor(const core::Tensor& tensor);
  void wholeTuple(const std::vector<std::int64_t>& values);
  std::size_t storageOf(const core::Tensor& tensor);
  void remember(const std::string& what);
  bool recall(const std::string& what);

  std::string out_;
  std::vector<core::Tensor> storages_;
  std::map<std::tuple<const std::byte*, std::size_t, core::DType>, std::size_t> storageIndex_;
  std::map<std::string, std::uint32_t> memo_;  ///< of texts ("s" + text) and globals ("c" + name)
};

}  // namespace cairn::storage
