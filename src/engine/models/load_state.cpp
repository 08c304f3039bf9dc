#include "engine/models/load_state.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/error.h"
#include "engine/tensor_bridge.h"

namespace cairn::engine {

namespace {

using Entry = std::pair<std::string, torch::Tensor>;

constexpr const char* kAdvice =
    "choose a checkpoint of this model, or change the model's settings to those of the file";

std::vector<std::pair<std::string, const core::Tensor*>> tensorsOf(const core::StateTree& saved) {
  std::vector<std::pair<std::string, const core::Tensor*>> tensors;
  if (const auto* dict = saved.as<core::StateTree::Dict>())
    for (const auto& [key, child] : dict->items)
      if (const auto* name = std::get_if<std::string>(&key))
        if (const auto* tensor = child.as<core::Tensor>()) tensors.emplace_back(*name, tensor);
  return tensors;
}

void copyInto(const Entry& entry, const std::string& name, const core::Tensor& from) {
  if (from.shape != entry.second.sizes().vec())
    throw Error(fmt::format("model_state_dict['{}']", name),
                fmt::format("has shape [{}], but the model's {} is [{}]", fmt::join(from.shape, ", "), entry.first,
                            fmt::join(entry.second.sizes().vec(), ", ")),
                kAdvice);
  const torch::NoGradGuard noGrad;
  auto to = entry.second;
  to.copy_(toTorch(from));
}

}  // namespace

void loadState(std::vector<Entry>& entries, const core::StateTree& saved) {
  const auto tensors = tensorsOf(saved);
  const bool sameNames = std::all_of(entries.begin(), entries.end(), [&](const Entry& entry) {
    const auto* child = saved.find(entry.first);
    return child && std::holds_alternative<core::Tensor>(child->value());
  });
  if (sameNames) {
    for (const auto& entry : entries) copyInto(entry, entry.first, saved.tensor(entry.first));
    return;
  }
  if (tensors.size() != entries.size())
    throw Error("model_state_dict",
                fmt::format("holds {} tensors, but the model has {}", tensors.size(), entries.size()), kAdvice);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    copyInto(entries[i], tensors[i].first, *tensors[i].second);
    entries[i].first = tensors[i].first;
  }
}

}  // namespace cairn::engine
