#include "storage/inspection_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"

namespace cairn::storage {

using Kind = PickleValue::Kind;

namespace {

struct TypeInfo {
  std::string dtype;
  std::size_t itemSize = 0;  ///< 0: not known
};

/// By the class of a storage ("HalfStorage") or, in newer files, the dtype beside it ("float8_e4m3fn").
TypeInfo typeInfo(std::string_view name) {
  if (const auto known = storageDType(name)) return {std::string(core::dtypeName(*known)), core::itemSize(*known)};
  constexpr std::array<std::tuple<std::string_view, std::string_view, std::size_t>, 7> kOthers = {
      {{"ComplexFloatStorage", "complex64", 8},
       {"ComplexDoubleStorage", "complex128", 16},
       {"QInt8Storage", "qint8", 1},
       {"QUInt8Storage", "quint8", 1},
       {"QInt32Storage", "qint32", 4},
       {"UntypedStorage", "uint8", 1},
       {"QUInt4x2Storage", "quint4x2", 1}}};
  for (const auto& [storage, dtype, size] : kOthers)
    if (storage == name) return {std::string(dtype), size};
  for (const auto& [bits, size] :
       {std::pair<std::string_view, std::size_t>{"128", 16}, {"64", 8}, {"32", 4}, {"16", 2}})
    if (name.ends_with(bits)) return {std::string(name), size};
  return {std::string(name), name.find("8") != std::string_view::npos || name == "bool" ? 1u : 0u};
}

bool isContainer(const PickleValue& value) { return !value.items.empty() || value.state; }

}  // namespace

InspectionBuilder::InspectionBuilder(Inspection& inspection, const ZipReader& zip, std::string archive,
                                     const InspectionLimits& limits)
    : inspection_(inspection), zip_(zip), archive_(std::move(archive)), limits_(limits) {}

void InspectionBuilder::build(PickleValue& root) { inspection_.root = convert(root, "", 0); }

std::uint64_t InspectionBuilder::unusedBytes() const {
  std::uint64_t bytes = 0;
  for (const auto& entry : zip_.entries())
    if (entry.name.starts_with(archive_ + "/data/") && !storages_.contains(&entry)) bytes += entry.size;
  return bytes;
}

InspectedNode InspectionBuilder::convert(PickleValue& value, std::string name, int depth) {
  ++nodes_;
  InspectedNode node;
  node.name = std::move(name);
  const auto length = path_.size();
  if (!node.name.empty()) path_ += (path_.empty() ? "" : ".") + node.name;
  if (scalar(node, value)) {
  } else if (value.open) {
    node.warning = "contains itself";
  } else if (depth >= limits_.depth) {
    node.warning = fmt::format("is nested deeper than {} levels: not shown further", limits_.depth);
  } else {
    value.open = true;
    fill(node, value, depth);
    value.open = false;
  }
  path_.resize(length);
  return node;
}

/// Everything but what holds other values.
bool InspectionBuilder::scalar(InspectedNode& node, const PickleValue& value) const {
  const auto set = [&](const char* type, std::string text) {
    node.type = type;
    node.value = std::move(text);
    return true;
  };
  switch (value.kind) {
    case Kind::None: return set("None", "");
    case Kind::Bool: return set("bool", value.whole ? "True" : "False");
    case Kind::Int: return set("int", std::to_string(value.whole));
    case Kind::BigInt:
      return set("int", hexOf(value.text.substr(value.text.size() - std::min<std::size_t>(value.text.size(), 64))));
    case Kind::Float: return set("float", core::roundTrip(value.real));
    case Kind::Text: return set("str", shown(value.text));
    case Kind::Raw: return set("bytes", fmt::format("{} bytes", value.text.size()));
    case Kind::Global: {
      node.type = "name";
      node.value = shown(globalName(value));
      return true;
    }
    default: return false;
  }
}

void InspectionBuilder::fill(InspectedNode& node, PickleValue& value, int depth) {
  if (value.kind == Kind::Call && value.items[0]->kind == Kind::Global && value.items[1]->kind == Kind::Tuple &&
      known(node, value, depth))
    return;
  if (isContainer(value)) {
    const auto [met, isNew] = seen_.emplace(&value, path_.substr(0, limits_.textShown));
    if (!isNew) {
      node.type = "the same object";
      node.value = "as " + (met->second.empty() ? std::string("the whole") : met->second);
      return;
    }
  }
  switch (value.kind) {
    case Kind::List: node.type = "list"; return sequence(node, value.items, 0, depth);
    case Kind::Tuple: node.type = "tuple"; return sequence(node, value.items, 0, depth);
    case Kind::Set: node.type = "set"; return sequence(node, value.items, 0, depth);
    case Kind::Dict: node.type = value.ordered ? "OrderedDict" : "dict"; return dict(node, value, depth);
    case Kind::Persistent: node.type = "persistent id"; return sequence(node, value.items, 0, depth);
    default: return call(node, value, depth);
  }
}

void InspectionBuilder::child(InspectedNode& node, PickleValue& value, std::string name, int depth) {
  if (nodes_ >= limits_.nodes)
    ++node.hidden;
  else
    node.children.push_back(convert(value, std::move(name), depth + 1));
}

void InspectionBuilder::sequence(InspectedNode& node, const std::vector<PickleValue*>& items, std::size_t from,
                                 int depth) {
  const auto shownItems = std::min(items.size(), from + limits_.itemsShown);
  for (auto i = from; i < shownItems; ++i) child(node, *items[i], std::to_string(i - from), depth);
  node.hidden += items.size() - shownItems;
}

std::string InspectionBuilder::keyText(const PickleValue& key) const {
  InspectedNode shownKey;
  if (key.kind == Kind::Text) return shown(key.text);
  return scalar(shownKey, key) ? (shownKey.value.empty() ? shownKey.type : shownKey.value)
                               : "(a key of several values)";
}

void InspectionBuilder::dict(InspectedNode& node, const PickleValue& value, int depth) {
  for (std::size_t i = 0; i + 1 < value.items.size(); i += 2)
    child(node, *value.items[i + 1], keyText(*value.items[i]), depth);
}

/// The calls that hold plain data; false for others.
bool InspectionBuilder::known(InspectedNode& node, PickleValue& value, int depth) {
  const auto name = globalName(*value.items[0]);
  const auto& arguments = value.items[1]->items;
  const bool v3 = name == "torch._utils._rebuild_tensor_v3";
  if (v3 || name == "torch._utils._rebuild_tensor_v2" || name == "torch._utils._rebuild_tensor") {
    if (arguments.size() < (v3 ? 7u : 4u)) return false;
    tensor(node, arguments, v3);
    return node.tensor.has_value();
  }
  if ((name == "torch._utils._rebuild_parameter" || name == "torch._utils._rebuild_parameter_with_state") &&
      !arguments.empty() && arguments[0]->kind == Kind::Call && depth < limits_.depth) {
    fill(node, *arguments[0], depth + 1);
    if (node.tensor) node.type = "Parameter";
    return true;
  }
  return false;
}

/// (storage, offset, size, stride, requires_grad, backward_hooks), and of v3: dtype, metadata.
void InspectionBuilder::tensor(InspectedNode& node, const std::vector<PickleValue*>& arguments, bool untyped) {
  const auto storage = storageOf(*arguments[0]);
  auto shape = wholesOf(*arguments[2]), strides = wholesOf(*arguments[3]);
  if (!storage || !shape || !strides || arguments[1]->kind != Kind::Int) return;
  if (untyped && arguments[6]->kind != Kind::Global) return;
  auto type = typeInfo(untyped ? arguments[6]->name : storage->type);
  TensorView view{std::string(storage->key), core::DType::UInt8, storage->numel,
                  arguments[1]->whole,       std::move(*shape),  std::move(*strides)};
  node.type = "Tensor";
  node.tensor = InspectedTensor{shown(type.dtype), view.shape, 0, shown(storage->key), {}};
  if (untyped && type.itemSize > 0) view.numel /= static_cast<std::int64_t>(type.itemSize);  // counted in bytes there
  measure(node, *storage, view, type.itemSize);
  ++inspection_.tensors;
}

void InspectionBuilder::measure(InspectedNode& node, const StorageId& storage, TensorView& view, std::size_t itemSize) {
  ViewExtent extent;
  const auto* entry = zip_.find(fmt::format("{}/data/{}", archive_, storage.key));
  if (itemSize == 0) {
    node.warning = "is of a type that Cairn does not know";
  } else if (!entry) {
    node.warning = "has no bytes in the file";
  } else {
    node.warning = storageProblem(view.numel, itemSize, entry->size);
  }
  if (auto problem = viewProblem(view, extent); !problem.empty() && node.warning.empty())
    node.warning = std::move(problem);
  if (!node.warning.empty()) return;
  auto& tensor = *node.tensor;
  if (__builtin_mul_overflow(static_cast<std::uint64_t>(extent.count), itemSize, &tensor.bytes)) {
    node.warning = "has an impossible shape";
    return;
  }
  const auto [first, isNew] = storages_.emplace(entry, path_.substr(0, limits_.textShown));
  if (isNew)
    inspection_.tensorBytes += entry->size;
  else
    tensor.sharesWith = first->second;
  if (__builtin_add_overflow(inspection_.values, static_cast<std::uint64_t>(extent.count), &inspection_.values))
    inspection_.values = UINT64_MAX;
}

/// What Python would call: class or function, arguments, and the state it would be given.
void InspectionBuilder::call(InspectedNode& node, PickleValue& value, int depth) {
  const auto& callable = *value.items[0];
  node.call = true;
  node.type = callable.kind == Kind::Global ? shown(globalName(callable)) : "a call of a value";
  if (callable.kind != Kind::Global) child(node, *value.items[0], "what is called", depth);
  if (callable.kind == Kind::Global) {
    const auto risk = riskOf(callable.text, callable.name);
    if (risk == GlobalRisk::Dangerous) node.warning = "would be run by Python";
  }
  if (value.items[1]->kind == Kind::Tuple)
    sequence(node, value.items[1]->items, 0, depth);
  else
    child(node, *value.items[1], "arguments", depth);
  if (value.items.size() > 2) {
    InspectedNode added;
    added.name = "items";
    added.type = "added later";
    sequence(added, value.items, 2, depth + 1);
    ++nodes_;
    node.children.push_back(std::move(added));
  }
  if (value.state) child(node, *value.state, "state", depth);
}

}  // namespace cairn::storage
