#include "storage/tree_builder.h"

#include <fmt/format.h>

#include <map>

#include "core/error.h"
#include "storage/torch_values.h"

namespace cairn::storage {

using core::StateTree;
using Kind = PickleValue::Kind;

TreeBuilder::TreeBuilder(StorageRecords& storages, MemoryBudget& budget, int depthLimit)
    : storages_(storages), budget_(budget), depthLimit_(depthLimit) {}

void TreeBuilder::fail(const std::string& why) const {
  throw Error(budget_.file(), "its data.pkl " + why, "the file is damaged, or was made to do harm");
}

StateTree TreeBuilder::convert(PickleValue& value, int depth) {
  if (depth > depthLimit_) fail(fmt::format("is nested deeper than {} levels", depthLimit_));
  if (value.open) fail("holds a value that contains itself");
  budget_.charge(sizeof(StateTree));
  value.open = true;
  auto tree = convertOpen(value, depth);
  value.open = false;
  return tree;
}

StateTree TreeBuilder::convertOpen(PickleValue& value, int depth) {
  switch (value.kind) {
    case Kind::None: return {};
    case Kind::Bool: return value.whole != 0;
    case Kind::Int: return value.whole;
    case Kind::Float: return value.real;
    case Kind::Text: return text(value.text);
    case Kind::BigInt: budget_.charge(4 * value.text.size()); return opaque("builtins.int", {hexOf(value.text)});
    case Kind::Raw:
      budget_.charge(value.text.size());
      return opaque("builtins.bytes",
                    {core::Tensor::copyOf(core::DType::UInt8, {static_cast<std::int64_t>(value.text.size())},
                                          std::as_bytes(std::span(value.text)))});
    case Kind::List: return items(value.items, depth);
    case Kind::Tuple: return StateTree::Tuple{items(value.items, depth)};
    case Kind::Set: return opaque("builtins.set", items(value.items, depth));
    case Kind::Dict: return dict(value, depth);
    case Kind::Global: return opaque(globalName(value));
    case Kind::Call: return call(value, depth);
    case Kind::Persistent: return opaque("persistent id", items(value.items, depth));
  }
  return {};
}

StateTree TreeBuilder::text(std::string_view text) {
  budget_.charge(text.size());
  return std::string(text);
}

StateTree TreeBuilder::opaque(std::string global, StateTree::List arguments, StateTree::List state) {
  budget_.charge(sizeof(StateTree::Opaque) + global.size());
  return std::make_shared<const StateTree::Opaque>(
      StateTree::Opaque{std::move(global), std::move(arguments), std::move(state)});
}

StateTree::List TreeBuilder::items(const std::vector<PickleValue*>& values, int depth) {
  budget_.charge(values.size() * sizeof(StateTree));
  StateTree::List list;
  list.reserve(values.size());
  for (auto* value : values) list.push_back(convert(*value, depth + 1));
  return list;
}

StateTree TreeBuilder::dict(PickleValue& value, int depth) {
  for (std::size_t i = 0; i < value.items.size(); i += 2) {
    const auto kind = value.items[i]->kind;
    if (kind != Kind::Int && kind != Kind::Bool && kind != Kind::Text) return anyDict(value, depth);
  }
  constexpr std::uint64_t kCost = sizeof(std::pair<StateTree::Key, StateTree>) + 96;  // the index for doubles too
  budget_.charge(value.items.size() / 2 * 2 * kCost);
  StateTree::Dict dict{{}, value.ordered, value.stateDict};
  std::map<StateTree::Key, std::size_t> index;
  for (std::size_t i = 0; i + 1 < value.items.size(); i += 2) {
    const auto& name = *value.items[i];
    StateTree::Key key;
    if (name.kind == Kind::Text)
      key = std::string(name.text);
    else
      key = name.whole;
    budget_.charge(2 * name.text.size());
    auto child = convert(*value.items[i + 1], depth + 1);
    const auto [known, isNew] = index.emplace(key, dict.items.size());
    if (isNew)
      dict.items.emplace_back(std::move(key), std::move(child));
    else
      dict.items[known->second].second = std::move(child);
  }
  return dict;
}

/// A dict whose keys are neither text nor whole numbers: kept for show, as its keys and values in turn.
StateTree TreeBuilder::anyDict(PickleValue& value, int depth) {
  return opaque("builtins.dict", items(value.items, depth));
}

StateTree TreeBuilder::call(PickleValue& value, int depth) {
  if (const auto done = tensors_.find(&value); done != tensors_.end()) return done->second;
  if (value.items[0]->kind == Kind::Global && value.items[1]->kind == Kind::Tuple)
    if (auto tree = known(value, globalName(*value.items[0]), depth)) return std::move(*tree);
  return opaqueCall(value, depth);
}

StateTree TreeBuilder::opaqueCall(PickleValue& value, int depth) {
  const auto& callable = *value.items[0];
  auto arguments =
      value.items[1]->kind == Kind::Tuple ? items(value.items[1]->items, depth) : items({value.items[1]}, depth);
  for (std::size_t i = 2; i < value.items.size(); ++i) arguments.push_back(convert(*value.items[i], depth + 1));
  StateTree::List state;
  if (value.state) state.push_back(convert(*value.state, depth + 1));
  if (callable.kind == Kind::Global) return opaque(globalName(callable), std::move(arguments), std::move(state));
  arguments.insert(arguments.begin(), convert(*value.items[0], depth + 1));
  return opaque("a call of a value", std::move(arguments), std::move(state));
}

/// The calls that hold plain data; nothing for others, and for forms that are not understood.
std::optional<StateTree> TreeBuilder::known(PickleValue& value, const std::string& name, int depth) {
  const auto& arguments = value.items[1]->items;
  if (name == "torch._utils._rebuild_tensor_v2" || name == "torch._utils._rebuild_tensor")
    return tensor(value, arguments);
  if ((name == "torch._utils._rebuild_parameter" || name == "torch._utils._rebuild_parameter_with_state") &&
      !arguments.empty())
    return convert(*arguments[0], depth + 1);
  if (name == "torch.Size" && arguments.size() == 1 && arguments[0]->kind == Kind::Tuple)
    return convert(*arguments[0], depth + 1);
  if (name == "collections.OrderedDict") return orderedDict(arguments, depth);
  return {};
}

/// (storage, offset, size, stride, requires_grad, backward_hooks)
std::optional<StateTree> TreeBuilder::tensor(PickleValue& call, const std::vector<PickleValue*>& arguments) {
  if (arguments.size() < 4 || arguments[1]->kind != Kind::Int) return {};
  const auto storage = storageOf(*arguments[0]);
  const auto shape = wholesOf(*arguments[2]), strides = wholesOf(*arguments[3]);
  const auto dtype = storage ? storageDType(storage->type) : std::nullopt;
  if (!dtype || !shape || !strides) return {};
  budget_.charge(16 * shape->size() + 128);
  const TensorView view{std::string(storage->key), *dtype, storage->numel, arguments[1]->whole, *shape, *strides};
  return tensors_.emplace(&call, storages_.tensor(view)).first->second;
}

/// OrderedDict([(key, value), ...]), as old protocols write it.
std::optional<StateTree> TreeBuilder::orderedDict(const std::vector<PickleValue*>& arguments, int depth) {
  if (arguments.size() != 1 || arguments[0]->kind != Kind::List) return {};
  PickleValue pairs;
  pairs.kind = Kind::Dict;
  pairs.ordered = true;
  for (const auto* pair : arguments[0]->items) {
    if ((pair->kind != Kind::Tuple && pair->kind != Kind::List) || pair->items.size() != 2) return {};
    pairs.items.insert(pairs.items.end(), pair->items.begin(), pair->items.end());
  }
  return dict(pairs, depth);
}

}  // namespace cairn::storage
