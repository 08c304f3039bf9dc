#include "training/checkpoint_weights.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/error.h"
#include "core/tensor_arithmetic.h"

namespace cairn::training {

namespace {

using core::StateTree;
using core::Tensor;

/// As the model calls it, where an import kept the file's name.
std::string modelName(const StateTree& checkpoint, const std::string& fileName) {
  const auto* cairn = checkpoint.find("cairn");
  const auto* names = cairn ? cairn->find("names") : nullptr;
  const auto* own = names ? names->find(fileName) : nullptr;
  const auto* text = own ? own->as<std::string>() : nullptr;
  return text ? *text : fileName;
}

bool isBuffer(std::string_view name) {
  constexpr std::array<std::string_view, 3> kBuffers = {"running_mean", "running_var", "num_batches_tracked"};
  return std::find(kBuffers.begin(), kBuffers.end(), name.substr(name.rfind('.') + 1)) != kBuffers.end();
}

bool sameStorage(const Tensor& a, const Tensor& b) {
  return !a.bytes.empty() && a.bytes.data() == b.bytes.data() && a.shape == b.shape;
}

/// Mean of `value(i)` over a tensor's values.
template <typename Value>
double meanOver(std::int64_t count, Value value) {
  double sum = 0;
  for (std::int64_t i = 0; i < count; ++i) sum += value(i);
  return count > 0 ? sum / static_cast<double>(count) : 0;
}

const Tensor* tensorIn(const StateTree& state, std::string_view key) {
  const auto* child = state.find(key);
  return child ? child->as<Tensor>() : nullptr;
}

double numberIn(const StateTree& group, std::string_view key, double otherwise) {
  const auto* child = group.find(key);
  return child ? child->asNumber().value_or(otherwise) : otherwise;
}

double betaIn(const StateTree& group, std::size_t which) {
  const auto* betas = group.find("betas");
  const auto* tuple = betas ? betas->as<StateTree::Tuple>() : nullptr;
  const auto* list = betas ? betas->as<StateTree::List>() : nullptr;
  const auto* items = tuple ? &tuple->items : list;
  constexpr std::array kDefaults = {0.9, 0.999};
  return items && which < items->size() ? (*items)[which].asNumber().value_or(kDefaults[which]) : kDefaults[which];
}

std::optional<double> meanStepOf(const StateTree& state, const StateTree& group) {
  const double lr = numberIn(group, "lr", 0);
  if (const auto* momentum = tensorIn(state, "momentum_buffer"))
    return meanOver(momentum->numel(), [&](std::int64_t i) { return lr * std::abs(momentum->at(i)); });
  const auto* first = tensorIn(state, "exp_avg");
  const auto* second =
      tensorIn(state, "max_exp_avg_sq") ? tensorIn(state, "max_exp_avg_sq") : tensorIn(state, "exp_avg_sq");
  const double step = numberIn(state, "step", 0);
  if (!first || !second || second->shape != first->shape || step < 1) return {};
  const double firstPart = 1 - std::pow(betaIn(group, 0), step), secondPart = 1 - std::pow(betaIn(group, 1), step);
  const double eps = numberIn(group, "eps", 1e-8);
  return meanOver(first->numel(), [&](std::int64_t i) {
    return lr * std::abs(first->at(i) / firstPart) / (std::sqrt(second->at(i) / secondPart) + eps);
  });
}

/// Copies tensors, those that share memory once.
class Copier {
 public:
  StateTree copy(const StateTree& tree) {
    if (const auto* tensor = tree.as<Tensor>()) return copy(*tensor);
    if (const auto* list = tree.as<StateTree::List>()) return copy(*list);
    if (const auto* tuple = tree.as<StateTree::Tuple>()) return StateTree::Tuple{copy(tuple->items)};
    if (const auto* dict = tree.as<StateTree::Dict>()) {
      auto made = StateTree::Dict{{}, dict->ordered, dict->stateDict};
      for (const auto& [key, child] : dict->items) made.items.emplace_back(key, copy(child));
      return made;
    }
    return tree.as<std::shared_ptr<const StateTree::Opaque>>() ? StateTree() : tree;
  }

 private:
  StateTree::List copy(const StateTree::List& items) {
    StateTree::List made;
    for (const auto& item : items) made.push_back(copy(item));
    return made;
  }
  Tensor copy(const Tensor& tensor) {
    auto& known = copies_[{tensor.bytes.data(), tensor.bytes.size()}];
    if (!known.owner) known = Tensor::copyOf(tensor.dtype, tensor.shape, tensor.bytes);
    auto made = known;
    made.dtype = tensor.dtype;
    made.shape = tensor.shape;
    return made;
  }

  std::map<std::pair<const std::byte*, std::size_t>, Tensor> copies_;
};

}  // namespace

core::Weights weightsOf(const StateTree& checkpoint) {
  const auto* dict = checkpoint.at("model_state_dict").as<StateTree::Dict>();
  if (!dict) throw Error("model_state_dict", "is not a dict of tensors", "choose another checkpoint");
  core::Weights weights;
  std::map<std::string, std::size_t> known;
  for (const auto& [key, child] : dict->items) {
    const auto* fileName = std::get_if<std::string>(&key);
    const auto* tensor = child.as<Tensor>();
    if (!fileName || !tensor) continue;
    const auto name = modelName(checkpoint, *fileName);
    if (const auto before = known.find(name); before != known.end()) {
      weights[before->second].tied.push_back(*fileName);
      continue;
    }
    const auto shared = std::find_if(weights.begin(), weights.end(),
                                     [&](const auto& other) { return sameStorage(other.tensor, *tensor); });
    if (shared != weights.end()) shared->tied.push_back(name);
    known.emplace(name, weights.size());
    weights.push_back({.name = name, .tensor = *tensor, .learnt = !isBuffer(name), .tied = {}});
  }
  return weights;
}

std::map<std::string, double> meanSteps(const StateTree& checkpoint) {
  std::map<std::string, double> steps;
  const auto* optimizer = checkpoint.find("optimizer_state_dict");
  const auto* state = optimizer ? optimizer->find("state") : nullptr;
  const auto* groups =
      optimizer && optimizer->find("param_groups") ? optimizer->find("param_groups")->as<StateTree::List>() : nullptr;
  if (!state || !groups) return steps;
  // The optimizer counts what is learnt, in the file's order.
  std::vector<const core::NamedTensor*> learnt;
  const auto weights = weightsOf(checkpoint);
  for (const auto& tensor : weights)
    if (tensor.learnt) learnt.push_back(&tensor);
  std::size_t next = 0;
  for (const auto& group : *groups) {
    const auto* indices = group.find("params") ? group.find("params")->as<StateTree::List>() : nullptr;
    for (std::size_t i = 0; indices && i < indices->size() && next < learnt.size(); ++i, ++next) {
      const auto index = (*indices)[i].asInteger();
      const auto* one = index ? state->find(*index) : nullptr;
      if (const auto step = one ? meanStepOf(*one, group) : std::nullopt) steps.emplace(learnt[next]->name, *step);
    }
  }
  return steps;
}

std::shared_ptr<const StateTree> withoutOptimizer(const StateTree& checkpoint) {
  auto tree = StateTree::dict();
  Copier copier;
  if (const auto* dict = checkpoint.as<StateTree::Dict>())
    for (const auto& [key, child] : dict->items)
      if (key != StateTree::Key(std::string("optimizer_state_dict"))) tree.setKey(key, copier.copy(child));
  return std::make_shared<const StateTree>(std::move(tree));
}

}  // namespace cairn::training
