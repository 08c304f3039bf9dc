#include "engine/models/load_state.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.h"
#include "engine/checkpoint_keys.h"
#include "engine/models/match_names.h"
#include "engine/tensor_bridge.h"

namespace cairn::engine {

namespace {

constexpr const char* kAdvice =
    "choose a checkpoint of this model, or change the model's settings to those of the file";

std::vector<NamedShape> shapesOf(const StateEntries& entries) {
  std::vector<NamedShape> shapes;
  for (const auto& [name, tensor] : entries) shapes.push_back({name, tensor.sizes().vec()});
  return shapes;
}

/// The file's names as the model calls them, where `names` says so.
std::vector<NamedShape> shapesOf(const std::vector<std::pair<std::string, const core::Tensor*>>& file,
                                 const core::StateTree* names) {
  std::vector<NamedShape> shapes;
  for (const auto& [name, tensor] : file) {
    const auto* own = names ? names->find(name) : nullptr;
    const auto* text = own ? own->as<std::string>() : nullptr;
    shapes.push_back({text ? *text : name, tensor->shape});
  }
  return shapes;
}

void copyInto(const std::string& modelName, torch::Tensor to, const std::string& fileName, const core::Tensor& from) {
  if (from.shape != to.sizes().vec())
    throw Error(fmt::format("model_state_dict['{}']", fileName),
                fmt::format("has shape [{}], but the model's {} is [{}]", fmt::join(from.shape, ", "), modelName,
                            fmt::join(to.sizes().vec(), ", ")),
                kAdvice);
  const torch::NoGradGuard noGrad;
  to.copy_(toTorch(from));
}

}  // namespace

core::StateTree loadState(StateEntries& entries, const core::StateTree& saved, const core::StateTree* names) {
  const auto file = tensorsOf(saved);
  const auto match = matchNames(shapesOf(entries), shapesOf(file, names));
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (!match.ofModel[i])
      throw Error("model_state_dict",
                  fmt::format("holds {} tensors, but the model has {}: there is none for {} of shape [{}]", file.size(),
                              entries.size(), entries[i].first, fmt::join(entries[i].second.sizes().vec(), ", ")),
                  kAdvice);
  const auto tied = tiedTo(match, file);
  StateEntries loaded;
  auto renamed = core::StateTree::dict();
  bool differ = false;
  for (std::size_t i = 0; i < file.size(); ++i) {
    const auto& [name, tensor] = file[i];
    if (!match.ofFile[i] && !tied[i])
      throw Error(fmt::format("model_state_dict['{}']", name), "has no place in the model", kAdvice);
    const auto& [modelName, to] = entries[*match.ofFile[match.ofFile[i] ? i : *tied[i]]];
    if (match.ofFile[i]) copyInto(modelName, to, name, *tensor);
    loaded.emplace_back(name, to);
    renamed.set(name, modelName);
    differ |= name != modelName;
  }
  entries = std::move(loaded);
  return differ ? renamed : core::StateTree();
}

core::StateTree loadWeights(StateEntries& entries, const core::StateTree& checkpoint) {
  const auto* cairn = checkpoint.find(keys::kCairn);
  return loadState(entries, checkpoint.at(keys::kModel), cairn ? cairn->find(keys::kNames) : nullptr);
}

}  // namespace cairn::engine
