#include <array>
#include <bit>

#include "storage/checksums.h"
#include "storage/torch_file.h"

namespace cairn::storage {

using core::StateTree;

namespace {

// Each value goes in as a tag and its content, every list and text with its length before it, so that no two trees
// give the same bytes. Whether a dict is ordered does not count: it is how a file spells it, not what it holds.
class StateHasher {
 public:
  void value(const StateTree* tree) {
    if (!tree) return tag('-');
    if (tree->isNone()) return tag('N');
    if (const auto* flag = tree->as<bool>()) return tag(*flag ? 'T' : 'F');
    if (const auto* number = tree->as<std::int64_t>()) return number64('i', *number);
    if (const auto* number = tree->as<double>()) return number64('d', std::bit_cast<std::int64_t>(*number));
    if (const auto* string = tree->as<std::string>()) return text(*string);
    if (const auto* leaf = tree->as<core::Tensor>()) return tensor(*leaf);
    if (const auto* items = tree->as<StateTree::List>()) return list('l', *items);
    if (const auto* items = tree->as<StateTree::Tuple>()) return list('t', items->items);
    if (const auto* items = tree->as<StateTree::Dict>()) return dict(*items);
    opaque(**tree->as<std::shared_ptr<const StateTree::Opaque>>());
  }
  void text(std::string_view string) {
    number64('s', static_cast<std::int64_t>(string.size()));
    hash_.add(std::as_bytes(std::span(string)));
  }
  std::string hex() const { return hash_.hex(); }

 private:
  void tag(char what) { hash_.add(std::as_bytes(std::span(&what, 1))); }
  void number64(char what, std::int64_t number) {
    tag(what);
    hash_.add(std::as_bytes(std::span(&number, 1)));
  }
  void tensor(const core::Tensor& tensor) {
    number64('x', static_cast<std::int64_t>(tensor.shape.size()));
    for (const auto extent : tensor.shape) number64('i', extent);
    text(core::dtypeName(tensor.dtype));
    hash_.add(tensor.bytes);
  }
  void list(char what, const std::vector<StateTree>& items) {
    number64(what, static_cast<std::int64_t>(items.size()));
    for (const auto& item : items) value(&item);
  }
  void dict(const StateTree::Dict& dict) {
    number64('{', static_cast<std::int64_t>(dict.items.size()));
    for (const auto& [key, child] : dict.items) {
      if (const auto* number = std::get_if<std::int64_t>(&key))
        number64('i', *number);
      else
        text(std::get<std::string>(key));
      value(&child);
    }
  }
  void opaque(const StateTree::Opaque& opaque) {
    tag('o');
    text(opaque.global);
    list('a', opaque.args);
    list('b', opaque.state);
  }

  Hash128 hash_;
};

constexpr std::array kParts = {"model_state_dict", "optimizer_state_dict", "lr_scheduler_state_dict", "rng_state",
                               "epoch", "step", "loss"};
constexpr std::array kCairnParts = {"sampler", "meters", "early_stopping"};

}  // namespace

std::string stateHash(const StateTree& checkpoint) {
  StateHasher hasher;
  const auto add = [&](const StateTree* parent, std::string_view key) {
    hasher.text(key);
    hasher.value(parent ? parent->find(key) : nullptr);
  };
  for (const auto* key : kParts) add(&checkpoint, key);
  const auto* cairn = checkpoint.find("cairn");
  for (const auto* key : kCairnParts) add(cairn, key);
  return hasher.hex();
}

}  // namespace cairn::storage
