#include "storage/pickle_writer.h"

#include <algorithm>
#include <bit>
#include <limits>

#include <fmt/format.h>

#include "core/error.h"
#include "storage/torch_types.h"
#include "storage/utf8.h"
#include "storage/zip_format.h"

namespace cairn::storage {

using core::StateTree;
using core::Tensor;
using pickle::Op;
using zip::put;

namespace {

constexpr int kDepth = 256;  // a reader of ours takes more

/// Row-major, in elements, as PyTorch counts them for empty tensors too.
std::vector<std::int64_t> stridesOf(const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> strides(shape.size());
  std::int64_t stride = 1;
  for (auto i = shape.size(); i-- > 0;) {
    strides[i] = stride;
    stride *= std::max<std::int64_t>(shape[i], 1);
  }
  return strides;
}

/// "a.b" of "a.b.weight"; "" of "weight".
std::string prefixOf(const std::string& key) {
  const auto dot = key.rfind('.');
  return dot == std::string::npos ? "" : key.substr(0, dot);
}

}  // namespace

PickleWriter::PickleWriter(const StateTree& tree) {
  op(Op::Proto);
  out_ += '\2';
  value(tree, 0);
  op(Op::Stop);
}

void PickleWriter::value(const StateTree& tree, int depth) {
  if (depth > kDepth) throw Error("checkpoint", "is nested too deep to be written");
  if (tree.isNone()) return op(Op::None);
  if (const auto* flag = tree.as<bool>()) return op(*flag ? Op::NewTrue : Op::NewFalse);
  if (const auto* number = tree.as<std::int64_t>()) return whole(*number);
  if (const auto* number = tree.as<double>()) return real(*number);
  if (const auto* string = tree.as<std::string>()) return text(*string);
  if (const auto* leaf = tree.as<Tensor>()) return tensor(*leaf);
  if (const auto* items = tree.as<StateTree::List>()) return list(*items, depth);
  if (const auto* items = tree.as<StateTree::Tuple>()) return tuple(*items, depth);
  if (const auto* items = tree.as<StateTree::Dict>()) return dict(*items, depth);
  const auto& opaque = *tree.as<std::shared_ptr<const StateTree::Opaque>>();
  throw Error("checkpoint", "holds an object of class " + (opaque ? opaque->global : "?") + ", which cannot be written");
}

void PickleWriter::whole(std::int64_t number) {
  if (number >= 0 && number <= 0xff) {
    op(Op::BinInt1);
    put(out_, static_cast<std::uint8_t>(number));
  } else if (number >= 0 && number <= 0xffff) {
    op(Op::BinInt2);
    put(out_, static_cast<std::uint16_t>(number));
  } else if (number >= std::numeric_limits<std::int32_t>::min() && number <= std::numeric_limits<std::int32_t>::max()) {
    op(Op::BinInt);
    put(out_, static_cast<std::int32_t>(number));
  } else {
    longInteger(number);
  }
}

/// The shortest two's complement, as Python writes it.
void PickleWriter::longInteger(std::int64_t number) {
  int length = 8;
  while (length > 1 && (number >> (8 * (length - 1) - 1) == 0 || number >> (8 * (length - 1) - 1) == -1)) --length;
  op(Op::Long1);
  out_ += static_cast<char>(length);
  for (int i = 0; i < length; ++i) out_ += static_cast<char>(number >> (8 * i));
}

void PickleWriter::real(double number) {
  op(Op::BinFloat);
  const auto bits = std::bit_cast<std::uint64_t>(number);
  for (int shift = 56; shift >= 0; shift -= 8) out_ += static_cast<char>(bits >> shift);  // big-endian
}

void PickleWriter::text(std::string_view string) {
  const auto key = "s" + std::string(string);
  if (recall(key)) return;
  if (!isUtf8(string)) throw Error("checkpoint", "holds text that is not UTF-8: " + std::string(string.substr(0, 80)));
  if (string.size() > std::numeric_limits<std::uint32_t>::max()) throw Error("checkpoint", "holds text of over 4 GiB");
  op(Op::BinUnicode);
  put(out_, static_cast<std::uint32_t>(string.size()));
  out_ += string;
  remember(key);
}

/// "module.sub.name"
void PickleWriter::global(const std::string& moduleAndName) {
  const auto key = "c" + moduleAndName;
  if (recall(key)) return;
  const auto dot = moduleAndName.rfind('.');
  op(Op::Global);
  out_ += moduleAndName.substr(0, dot) + '\n' + moduleAndName.substr(dot + 1) + '\n';
  remember(key);
}

void PickleWriter::remember(const std::string& what) {
  const auto index = static_cast<std::uint32_t>(memo_.size());
  memo_.emplace(what, index);
  if (index <= 0xff) {
    op(Op::BinPut);
    put(out_, static_cast<std::uint8_t>(index));
  } else {
    op(Op::LongBinPut);
    put(out_, index);
  }
}

bool PickleWriter::recall(const std::string& what) {
  const auto known = memo_.find(what);
  if (known == memo_.end()) return false;
  if (known->second <= 0xff) {
    op(Op::BinGet);
    put(out_, static_cast<std::uint8_t>(known->second));
  } else {
    op(Op::LongBinGet);
    put(out_, known->second);
  }
  return true;
}

void PickleWriter::list(const StateTree::List& list, int depth) {
  op(Op::EmptyList);
  if (list.empty()) return;
  op(Op::Mark);
  for (const auto& item : list) value(item, depth + 1);
  op(Op::Appends);
}

void PickleWriter::tuple(const StateTree::Tuple& tuple, int depth) {
  if (tuple.items.empty()) return op(Op::EmptyTuple);
  op(Op::Mark);
  for (const auto& item : tuple.items) value(item, depth + 1);
  op(Op::Tuple);
}

void PickleWriter::emptyOrderedDict() {
  global("collections.OrderedDict");
  op(Op::EmptyTuple);
  op(Op::Reduce);
}

void PickleWriter::dict(const StateTree::Dict& dict, int depth) {
  if (dict.ordered)
    emptyOrderedDict();
  else
    op(Op::EmptyDict);
  if (!dict.items.empty()) {
    op(Op::Mark);
    for (const auto& [key, child] : dict.items) {
      if (const auto* number = std::get_if<std::int64_t>(&key))
        whole(*number);
      else
        text(std::get<std::string>(key));
      value(child, depth + 1);
    }
    op(Op::SetItems);
  }
  if (dict.ordered && dict.stateDict) metadata(dict, depth);
}

/// The attribute `_metadata` that nn.Module.state_dict() puts on its OrderedDict: every module's prefix, parents first,
/// with the version of its class's state (2 for BatchNorm since it counts batches, else 1).
void PickleWriter::metadata(const StateTree::Dict& stateDict, int depth) {
  StateTree::Dict modules{{}, true, false};
  std::map<std::string, std::size_t> known;
  const auto add = [&](const std::string& prefix) -> StateTree& {
    const auto [entry, isNew] = known.emplace(prefix, modules.items.size());
    if (isNew) modules.items.emplace_back(prefix, StateTree::Dict{{{std::string("version"), 1}}, false, false});
    return modules.items[entry->second].second;
  };
  add("");
  for (const auto& [key, child] : stateDict.items) {
    const auto* name = std::get_if<std::string>(&key);
    if (!name) continue;
    for (auto dot = name->find('.'); dot != std::string::npos; dot = name->find('.', dot + 1)) add(name->substr(0, dot));
    if (name->substr(name->rfind('.') + 1) == "num_batches_tracked") add(prefixOf(*name)).set("version", 2);
  }
  op(Op::EmptyDict);
  text("_metadata");
  dict(modules, depth + 1);
  op(Op::SetItem);
  op(Op::Build);
}

void PickleWriter::wholeTuple(const std::vector<std::int64_t>& values) {
  if (values.empty()) return op(Op::EmptyTuple);
  op(Op::Mark);
  for (const auto number : values) whole(number);
  op(Op::Tuple);
}

/// torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks)
void PickleWriter::tensor(const Tensor& tensor) {
  const auto count = tensor.bytes.size() / core::itemSize(tensor.dtype);
  if (static_cast<std::size_t>(tensor.numel()) != count || count * core::itemSize(tensor.dtype) != tensor.bytes.size())
    throw Error("checkpoint", fmt::format("holds a tensor of {} values in {} bytes", tensor.numel(), tensor.bytes.size()));
  global("torch._utils._rebuild_tensor_v2");
  op(Op::Mark);
  op(Op::Mark);  // the storage's persistent id
  text("storage");
  global("torch." + std::string(storageType(tensor.dtype)));
  text(std::to_string(storageOf(tensor)));
  text("cpu");
  whole(static_cast<std::int64_t>(count));
  op(Op::Tuple);
  op(Op::BinPersId);
  whole(0);
  wholeTuple(tensor.shape);
  wholeTuple(stridesOf(tensor.shape));
  op(Op::NewFalse);
  emptyOrderedDict();
  op(Op::Tuple);
  op(Op::Reduce);
}

std::size_t PickleWriter::storageOf(const Tensor& tensor) {
  // Empty tensors have no address to share.
  if (!tensor.bytes.empty()) {
    const auto key = std::tuple(tensor.bytes.data(), tensor.bytes.size(), tensor.dtype);
    const auto [entry, isNew] = storageIndex_.emplace(key, storages_.size());
    if (!isNew) return entry->second;
  }
  storages_.push_back(tensor);
  return storages_.size() - 1;
}

}  // namespace cairn::storage
