#include "engine/models/state_dict.h"

namespace cairn::engine {

namespace {

void collect(const torch::nn::Module& module, const std::string& prefix,
             std::vector<std::pair<std::string, torch::Tensor>>& into) {
  for (const auto& item : module.named_parameters(/*recurse=*/false))
    into.emplace_back(prefix + item.key(), item.value());
  for (const auto& item : module.named_buffers(/*recurse=*/false)) into.emplace_back(prefix + item.key(), item.value());
  for (const auto& child : module.named_children()) collect(*child.value(), prefix + child.key() + ".", into);
}

}  // namespace

std::vector<std::pair<std::string, torch::Tensor>> stateEntries(const torch::nn::Module& module) {
  std::vector<std::pair<std::string, torch::Tensor>> entries;
  collect(module, "", entries);
  return entries;
}

}  // namespace cairn::engine
