#include "engine/models/state_dict.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.h"
#include "engine/tensor_bridge.h"

namespace cairn::engine {

namespace {

void collect(const torch::nn::Module& module, const std::string& prefix, std::vector<std::pair<std::string, torch::Tensor>>& into) {
  for (const auto& item : module.named_parameters(/*recurse=*/false)) into.emplace_back(prefix + item.key(), item.value());
  for (const auto& item : module.named_buffers(/*recurse=*/false)) into.emplace_back(prefix + item.key(), item.value());
  for (const auto& child : module.named_children()) collect(*child.value(), prefix + child.key() + ".", into);
}

/// A tensor of the file and its name there.
using Stored = std::pair<std::string, const core::Tensor*>;

std::vector<Stored> tensorsOf(const core::StateTree& stateDict) {
  const auto* dict = stateDict.as<core::StateTree::Dict>();
  if (!dict) throw Error("model_state_dict", "is no dict of tensors", "choose a checkpoint of a model");
  std::vector<Stored> tensors;
  for (const auto& [key, child] : dict->items)
    if (const auto* name = std::get_if<std::string>(&key))
      if (const auto* tensor = child.as<core::Tensor>()) tensors.emplace_back(*name, tensor);
  return tensors;
}

bool sameShape(const torch::Tensor& own, const core::Tensor& stored) {
  return own.sizes() == at::IntArrayRef(stored.shape);
}

/// The file's tensors in the order of `entries`: by name if every name is there, else as they stand.
std::vector<Stored> matched(const std::vector<std::pair<std::string, torch::Tensor>>& entries, std::vector<Stored> stored) {
  std::vector<Stored> byName;
  for (const auto& [name, own] : entries) {
    const auto found = std::find_if(stored.begin(), stored.end(), [&](const Stored& it) { return it.first == name; });
    if (found == stored.end()) break;
    byName.push_back(*found);
  }
  if (byName.size() == entries.size()) return byName;
  if (stored.size() != entries.size())
    throw Error("model_state_dict", fmt::format("has {} tensors where the model has {}", stored.size(), entries.size()),
                "choose a checkpoint of this model");
  return stored;
}

}  // namespace

std::vector<std::pair<std::string, torch::Tensor>> stateEntries(const torch::nn::Module& module) {
  std::vector<std::pair<std::string, torch::Tensor>> entries;
  collect(module, "", entries);
  return entries;
}

std::vector<std::string> loadState(torch::nn::Module& module, const core::StateTree& stateDict) {
  const torch::NoGradGuard noGrad;
  const auto entries = stateEntries(module);
  const auto stored = matched(entries, tensorsOf(stateDict));
  std::vector<std::string> names;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& [name, own] = entries[i];
    if (!sameShape(own, *stored[i].second))
      throw Error(stored[i].first, fmt::format("has the shape [{}] where the model's {} has [{}]", fmt::join(stored[i].second->shape, ", "),
                                               name, fmt::join(own.sizes().vec(), ", ")),
                  "choose a checkpoint of this model");
    names.push_back(stored[i].first);
  }
  for (std::size_t i = 0; i < entries.size(); ++i) torch::Tensor(entries[i].second).copy_(toTorch(*stored[i].second));
  return names;
}

}  // namespace cairn::engine
