#include "core/state_tree.h"

#include <bit>
#include <cstring>
#include <set>

#include <fmt/format.h>

#include "core/error.h"

namespace cairn::core {

namespace {

template <typename T>
T loadAt(std::span<const std::byte> bytes, std::int64_t index) {
  T value;
  std::memcpy(&value, bytes.data() + static_cast<std::size_t>(index) * sizeof(T), sizeof(T));
  return value;
}

float halfToFloat(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000u) << 16;
  std::uint32_t exponent = (half >> 10) & 0x1f;
  std::uint32_t mantissa = half & 0x3ffu;
  if (exponent == 0x1f) return std::bit_cast<float>(sign | 0x7f800000u | (mantissa << 13));
  if (exponent == 0) {
    const float value = static_cast<float>(mantissa) * 0x1p-24f;
    return sign ? -value : value;
  }
  exponent += 127 - 15;
  return std::bit_cast<float>(sign | (exponent << 23) | (mantissa << 13));
}

[[noreturn]] void missing(std::string_view key, std::string_view wanted) {
  throw Error(fmt::format("checkpoint key '{}'", key), fmt::format("is absent or is not {}", wanted),
              "choose another checkpoint");
}

void collectStorages(const StateTree& tree, std::set<std::pair<const std::byte*, std::size_t>>& seen) {
  if (const auto* tensor = tree.as<Tensor>()) {
    if (!tensor->bytes.empty()) seen.emplace(tensor->bytes.data(), tensor->bytes.size());
  } else if (const auto* list = tree.as<StateTree::List>()) {
    for (const auto& item : *list) collectStorages(item, seen);
  } else if (const auto* tuple = tree.as<StateTree::Tuple>()) {
    for (const auto& item : tuple->items) collectStorages(item, seen);
  } else if (const auto* dict = tree.as<StateTree::Dict>()) {
    for (const auto& [key, item] : dict->items) collectStorages(item, seen);
  }
}

bool sameItems(const std::vector<StateTree>& a, const std::vector<StateTree>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!sameState(a[i], b[i])) return false;
  return true;
}

bool sameDict(const StateTree::Dict& a, const StateTree::Dict& b) {
  if (a.ordered != b.ordered || a.stateDict != b.stateDict || a.items.size() != b.items.size()) return false;
  for (std::size_t i = 0; i < a.items.size(); ++i)
    if (a.items[i].first != b.items[i].first || !sameState(a.items[i].second, b.items[i].second)) return false;
  return true;
}

}  // namespace

std::size_t itemSize(DType dtype) {
  switch (dtype) {
    case DType::Float64: case DType::Int64: return 8;
    case DType::Float32: case DType::Int32: return 4;
    case DType::Float16: case DType::BFloat16: case DType::Int16: return 2;
    case DType::UInt8: case DType::Int8: case DType::Bool: return 1;
  }
  return 0;
}

std::string_view dtypeName(DType dtype) {
  switch (dtype) {
    case DType::Float32: return "float32";
    case DType::Float64: return "float64";
    case DType::Float16: return "float16";
    case DType::BFloat16: return "bfloat16";
    case DType::UInt8: return "uint8";
    case DType::Int8: return "int8";
    case DType::Int16: return "int16";
    case DType::Int32: return "int32";
    case DType::Int64: return "int64";
    case DType::Bool: return "bool";
  }
  return {};
}

std::int64_t Tensor::numel() const {
  std::int64_t count = 1;
  for (const auto extent : shape) count *= extent;
  return count;
}

Tensor Tensor::copyOf(DType dtype, std::vector<std::int64_t> shape, std::span<const std::byte> data) {
  auto copy = std::make_shared<std::vector<std::byte>>(data.begin(), data.end());
  Tensor tensor{dtype, std::move(shape), {copy->data(), copy->size()}, copy};
  if (static_cast<std::size_t>(tensor.numel()) * itemSize(dtype) != data.size())
    throw Error("tensor", fmt::format("{} bytes do not fit {} values of {}", data.size(), tensor.numel(), dtypeName(dtype)));
  return tensor;
}

double Tensor::at(std::int64_t index) const {
  switch (dtype) {
    case DType::Float32: return loadAt<float>(bytes, index);
    case DType::Float64: return loadAt<double>(bytes, index);
    case DType::Float16: return halfToFloat(loadAt<std::uint16_t>(bytes, index));
    case DType::BFloat16: return std::bit_cast<float>(std::uint32_t{loadAt<std::uint16_t>(bytes, index)} << 16);
    case DType::UInt8: return loadAt<std::uint8_t>(bytes, index);
    case DType::Int8: return loadAt<std::int8_t>(bytes, index);
    case DType::Int16: return loadAt<std::int16_t>(bytes, index);
    case DType::Int32: return loadAt<std::int32_t>(bytes, index);
    case DType::Int64: return static_cast<double>(loadAt<std::int64_t>(bytes, index));
    case DType::Bool: return loadAt<std::uint8_t>(bytes, index) != 0;
  }
  return 0;
}

bool Tensor::sameValue(const Tensor& other) const {
  return dtype == other.dtype && shape == other.shape && bytes.size() == other.bytes.size() &&
         (bytes.empty() || std::memcmp(bytes.data(), other.bytes.data(), bytes.size()) == 0);
}

const StateTree* StateTree::find(std::string_view key) const {
  const auto* dict = as<Dict>();
  if (!dict) return nullptr;
  for (const auto& [known, child] : dict->items)
    if (const auto* name = std::get_if<std::string>(&known); name && *name == key) return &child;
  return nullptr;
}

const StateTree* StateTree::find(std::int64_t key) const { return findKey(Key(key)); }

StateTree* StateTree::find(std::string_view key) {
  return const_cast<StateTree*>(std::as_const(*this).find(key));
}

StateTree* StateTree::find(std::int64_t key) {
  return const_cast<StateTree*>(std::as_const(*this).find(key));
}

const StateTree* StateTree::findKey(const Key& key) const {
  const auto* dict = as<Dict>();
  if (!dict) return nullptr;
  for (const auto& [known, child] : dict->items)
    if (known == key) return &child;
  return nullptr;
}

void StateTree::set(std::string_view key, StateTree child) { setKey(std::string(key), std::move(child)); }

void StateTree::set(std::int64_t key, StateTree child) { setKey(key, std::move(child)); }

void StateTree::setKey(Key key, StateTree child) {
  auto& items = std::get<Dict>(value_).items;
  for (auto& [known, present] : items) {
    if (known == key) {
      present = std::move(child);
      return;
    }
  }
  items.emplace_back(std::move(key), std::move(child));
}

const StateTree& StateTree::at(std::string_view key) const {
  const auto* child = find(key);
  if (!child) missing(key, "there");
  return *child;
}

std::int64_t StateTree::integer(std::string_view key) const {
  const auto value = at(key).asInteger();
  if (!value) missing(key, "a whole number");
  return *value;
}

double StateTree::number(std::string_view key) const {
  const auto value = at(key).asNumber();
  if (!value) missing(key, "a number");
  return *value;
}

const std::string& StateTree::text(std::string_view key) const {
  const auto* value = at(key).as<std::string>();
  if (!value) missing(key, "a string");
  return *value;
}

const Tensor& StateTree::tensor(std::string_view key) const {
  const auto* value = at(key).as<Tensor>();
  if (!value) missing(key, "a tensor");
  return *value;
}

std::optional<double> StateTree::asNumber() const {
  if (const auto* flag = as<bool>()) return *flag ? 1.0 : 0.0;
  if (const auto* whole = as<std::int64_t>()) return static_cast<double>(*whole);
  if (const auto* real = as<double>()) return *real;
  if (const auto* tensor = as<Tensor>(); tensor && tensor->numel() == 1) return tensor->at(0);
  return {};
}

std::optional<std::int64_t> StateTree::asInteger() const {
  if (const auto* whole = as<std::int64_t>()) return *whole;
  if (const auto* tensor = as<Tensor>(); tensor && tensor->numel() == 1 && tensor->dtype == DType::Int64)
    return loadAt<std::int64_t>(tensor->bytes, 0);
  // Only doubles in the range where every whole number is exact.
  if (const auto number = asNumber(); number && *number >= -0x1p53 && *number <= 0x1p53) {
    const auto whole = static_cast<std::int64_t>(*number);
    if (static_cast<double>(whole) == *number) return whole;
  }
  return {};
}

std::size_t tensorBytes(const StateTree& tree) {
  std::set<std::pair<const std::byte*, std::size_t>> seen;
  collectStorages(tree, seen);
  std::size_t total = 0;
  for (const auto& [start, size] : seen) total += size;
  return total;
}

bool sameState(const StateTree& a, const StateTree& b) {
  if (a.value().index() != b.value().index()) return false;
  if (const auto* tensor = a.as<Tensor>()) return tensor->sameValue(*b.as<Tensor>());
  if (const auto* list = a.as<StateTree::List>()) return sameItems(*list, *b.as<StateTree::List>());
  if (const auto* tuple = a.as<StateTree::Tuple>()) return sameItems(tuple->items, b.as<StateTree::Tuple>()->items);
  if (const auto* dict = a.as<StateTree::Dict>()) return sameDict(*dict, *b.as<StateTree::Dict>());
  if (const auto* real = a.as<double>()) return std::bit_cast<std::uint64_t>(*real) == std::bit_cast<std::uint64_t>(*b.as<double>());
  if (const auto* flag = a.as<bool>()) return *flag == *b.as<bool>();
  if (const auto* whole = a.as<std::int64_t>()) return *whole == *b.as<std::int64_t>();
  if (const auto* text = a.as<std::string>()) return *text == *b.as<std::string>();
  if (const auto* opaque = a.as<std::shared_ptr<const StateTree::Opaque>>()) {
    const auto& other = **b.as<std::shared_ptr<const StateTree::Opaque>>();
    return (*opaque)->global == other.global && sameItems((*opaque)->args, other.args) && sameItems((*opaque)->state, other.state);
  }
  return true;
}

}  // namespace cairn::core
