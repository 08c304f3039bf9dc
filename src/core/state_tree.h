// A checkpoint as it crosses between layers: a tree of dicts, lists, scalars, strings and tensors.
// Immutable once made; may be read from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cairn::core {

enum class DType : std::uint8_t { Float32, Float64, Float16, BFloat16, UInt8, Int8, Int16, Int32, Int64, Bool };

std::size_t itemSize(DType dtype);         ///< in bytes
std::string_view dtypeName(DType dtype);   ///< as PyTorch spells it, without "torch.": "float32"

/// A contiguous row-major tensor: a view of bytes and whoever keeps them alive.
/// Two tensors whose bytes start at the same address and are as long share one storage (tied weights).
struct Tensor {
  DType dtype = DType::Float32;
  std::vector<std::int64_t> shape;      ///< empty: a 0-dim tensor of one value
  std::span<const std::byte> bytes;     ///< numel() * itemSize(dtype) bytes, little-endian
  std::shared_ptr<const void> owner;    ///< keeps `bytes` alive

  std::int64_t numel() const;
  /// A tensor that owns a copy of `data`. Throws Error if the size does not fit the shape.
  static Tensor copyOf(DType dtype, std::vector<std::int64_t> shape, std::span<const std::byte> data);
  /// Value `index` as a double, whatever the dtype.
  double at(std::int64_t index) const;
  bool sameValue(const Tensor& other) const;  ///< dtype, shape and bytes are equal
};

class StateTree {
 public:
  using Key = std::variant<std::int64_t, std::string>;
  using List = std::vector<StateTree>;
  struct Tuple {
    std::vector<StateTree> items;
  };
  /// Keeps its order. `ordered` is an OrderedDict; a state dict is one that also carries `_metadata`.
  struct Dict {
    std::vector<std::pair<Key, StateTree>> items;
    bool ordered = false;
    bool stateDict = false;
  };
  /// Something of a class that Cairn does not know: kept for show, never executed.
  struct Opaque {
    std::string global;            ///< "module.name"
    std::vector<StateTree> args;   ///< what it was called with
    std::vector<StateTree> state;  ///< empty, or the one state that BUILD gave it
  };
  using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, Tensor, List, Tuple, Dict,
                             std::shared_ptr<const Opaque>>;

  StateTree() = default;
  StateTree(bool value) : value_(value) {}
  StateTree(int value) : value_(std::int64_t{value}) {}
  StateTree(std::int64_t value) : value_(value) {}
  StateTree(double value) : value_(value) {}
  StateTree(std::string value) : value_(std::move(value)) {}
  StateTree(const char* value) : value_(std::string(value)) {}
  StateTree(Tensor value) : value_(std::move(value)) {}
  StateTree(List value) : value_(std::move(value)) {}
  StateTree(Tuple value) : value_(std::move(value)) {}
  StateTree(Dict value) : value_(std::move(value)) {}
  StateTree(std::shared_ptr<const Opaque> value) : value_(std::move(value)) {}

  static StateTree dict() { return Dict{}; }
  static StateTree orderedDict() { return Dict{{}, true, false}; }
  static StateTree stateDict() { return Dict{{}, true, true}; }

  const Value& value() const { return value_; }
  Value& value() { return value_; }
  bool isNone() const { return std::holds_alternative<std::monostate>(value_); }
  template <typename T>
  const T* as() const { return std::get_if<T>(&value_); }
  template <typename T>
  T* as() { return std::get_if<T>(&value_); }

  /// The child of a dict, or null: no such key, or not a dict.
  const StateTree* find(std::string_view key) const;
  const StateTree* find(std::int64_t key) const;
  StateTree* find(std::string_view key);
  StateTree* find(std::int64_t key);
  /// Adds to a dict, or replaces in place. Requires a dict.
  void set(std::string_view key, StateTree child);
  void set(std::int64_t key, StateTree child);
  // Under other names, since a Key is made from whatever the two above are called with.
  const StateTree* findKey(const Key& key) const;
  void setKey(Key key, StateTree child);

  // Typed reads for whoever takes a tree apart. Each throws Error naming `key` if it is absent or of another type;
  // `number` also takes a bool, an int, and a 0-dim tensor, as PyTorch's own files vary there.
  const StateTree& at(std::string_view key) const;
  std::int64_t integer(std::string_view key) const;
  double number(std::string_view key) const;
  const std::string& text(std::string_view key) const;
  const Tensor& tensor(std::string_view key) const;

  /// This node as a number, if it is one (bool, int, float or a one-value tensor).
  std::optional<double> asNumber() const;
  std::optional<std::int64_t> asInteger() const;

 private:
  Value value_;
};

/// Bytes of all distinct storages below `tree`: what its file takes, headers apart.
std::size_t tensorBytes(const StateTree& tree);
/// Equal in structure, keys, scalars (bit for bit) and tensor bytes.
bool sameState(const StateTree& a, const StateTree& b);

}  // namespace cairn::core
