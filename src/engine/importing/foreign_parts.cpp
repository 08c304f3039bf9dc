#include "engine/importing/foreign_parts.h"

#include <fmt/format.h>

#include <array>
#include <initializer_list>
#include <string_view>

#include "core/error.h"
#include "engine/checkpoint_keys.h"

namespace cairn::engine {

namespace {

using core::StateTree;
using Keys = std::initializer_list<std::string_view>;

const StateTree* firstOf(const StateTree& file, Keys names) {
  for (const auto name : names)
    if (const auto* found = file.find(name); found && !found->isNone()) return found;
  return nullptr;
}

/// Lightning keeps lists of optimizers and schedules: one of one is taken for itself.
const StateTree* onlyItem(const StateTree* found) {
  if (const auto* list = found ? found->as<StateTree::List>() : nullptr) {
    if (list->empty()) return nullptr;
    if (list->size() > 1)
      throw Error("checkpoint", fmt::format("has the state of {} optimizers or schedules", list->size()),
                  "Cairn trains with one: import the weights alone");
    return &list->front();
  }
  return found;
}

bool isStateDict(const StateTree& tree) {
  const auto* dict = tree.as<StateTree::Dict>();
  if (!dict || dict->items.empty()) return false;
  bool tensors = false;
  for (const auto& [key, child] : dict->items) {
    if (!std::holds_alternative<std::string>(key) || !(child.as<core::Tensor>() || child.isNone())) return false;
    tensors |= child.as<core::Tensor>() != nullptr;
  }
  return tensors;
}

std::string keysOf(const StateTree& file) {
  std::string text;
  if (const auto* dict = file.as<StateTree::Dict>())
    for (const auto& [key, child] : dict->items) {
      const auto* name = std::get_if<std::string>(&key);
      text += (text.empty() ? "" : ", ") + (name ? "'" + name->substr(0, 60) + "'" : std::string("a number"));
      if (text.size() > 300) return text + ", ...";
    }
  return text;
}

[[noreturn]] void failNoWeights(const StateTree& file) {
  if (const auto* opaque = file.as<std::shared_ptr<const StateTree::Opaque>>())
    throw Error(
        "checkpoint",
        fmt::format("is a pickled object of class {}, which only its own Python code can read", (*opaque)->global),
        "in Python, torch.save(model.state_dict(), FILE) and import that");
  if (!file.as<StateTree::Dict>()) throw Error("checkpoint", "is no dict", "torch.save a state_dict() and import that");
  throw Error("checkpoint", fmt::format("has no state dict under a known key; it has {}", keysOf(file)),
              "save it under 'model_state_dict', or the state dict alone");
}

void findModel(const StateTree& file, ForeignParts& parts) {
  for (const std::string_view key :
       {"model_state_dict", "state_dict", "model", "model_state", "net", "network", "weights"}) {
    const auto* found = file.find(key);
    if (!found || found->isNone()) continue;
    if (const auto* opaque = found->as<std::shared_ptr<const StateTree::Opaque>>())
      throw Error("checkpoint",
                  fmt::format("holds under '{}' a pickled object of class {}, which only its own Python code can read",
                              key, (*opaque)->global),
                  fmt::format("in Python, save {}.state_dict() instead", key));
    if (!isStateDict(*found)) continue;
    parts.model = found;
    parts.modelKey = key;
    return;
  }
  if (!isStateDict(file)) failNoWeights(file);
  parts.model = &file;
}

void findRandomState(const StateTree& file, ForeignParts& parts) {
  const auto* state = firstOf(file, {"rng_state", "torch_rng_state", "cpu_rng_state", "random_state"});
  if (state && state->as<StateTree::Dict>()) {
    parts.cpuRng = firstOf(*state, {keys::kRngCpu, "torch", "cpu_rng_state", "torch_rng_state"});
    parts.cudaRng = firstOf(*state, {keys::kRngCuda, "cuda_rng_state", "torch_cuda"});
  } else {
    parts.cpuRng = state;
  }
  if (!parts.cudaRng) parts.cudaRng = firstOf(file, {"cuda_rng_state", "cuda_rng_state_all", "torch_cuda_rng_state"});
  if (parts.cpuRng && !parts.cpuRng->as<core::Tensor>()) parts.cpuRng = nullptr;
}

std::optional<std::int64_t> countOf(const StateTree& file, Keys names) {
  const auto* found = firstOf(file, names);
  const auto count = found ? found->asInteger() : std::nullopt;
  if (found && (!count || *count < 0))
    throw Error(fmt::format("'{}'", *names.begin()), "is no count",
                "correct it in Python, or import the weights alone");
  return count;
}

}  // namespace

ForeignParts findParts(const StateTree& file, bool weightsOnly) {
  ForeignParts parts;
  findModel(file, parts);
  if (weightsOnly || parts.modelKey.empty()) return parts;
  parts.optimizer = onlyItem(firstOf(
      file, {keys::kOptimizer, "optimizer", "optimizer_state", "optim", "optim_state_dict", "optimizer_states"}));
  parts.scheduler = onlyItem(firstOf(file, {keys::kScheduler, "scheduler_state_dict", "lr_scheduler", "scheduler",
                                            "sched", "scheduler_state", "lr_schedulers"}));
  findRandomState(file, parts);
  const auto* cairn = file.find(keys::kCairn);
  if (cairn && cairn->find(keys::kFormatVersion)) parts.cairn = cairn;
  parts.epoch = countOf(file, {keys::kEpoch, "epochs"});
  parts.step = countOf(file, {keys::kStep, "global_step", "steps", "iteration", "iter", "it"});
  if (const auto* loss = firstOf(file, {keys::kLoss, "train_loss"})) parts.loss = loss->asNumber();
  return parts;
}

}  // namespace cairn::engine
