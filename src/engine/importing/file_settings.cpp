#include "engine/importing/file_settings.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/error.h"
#include "core/text.h"
#include "engine/checkpoint_keys.h"

namespace cairn::engine {

namespace {

using core::StateTree;

std::optional<double> numberAt(const StateTree& dict, std::string_view key) {
  const auto* child = dict.find(key);
  return child ? child->asNumber() : std::nullopt;
}

std::optional<std::pair<double, double>> pairAt(const StateTree& dict, std::string_view key) {
  const auto* child = dict.find(key);
  if (!child) return {};
  const auto* list = child->as<StateTree::List>();
  if (const auto* tuple = child->as<StateTree::Tuple>()) list = &tuple->items;
  if (!list || list->size() != 2 || !(*list)[0].asNumber() || !(*list)[1].asNumber()) return {};
  return std::pair(*(*list)[0].asNumber(), *(*list)[1].asNumber());
}

/// "Adam" or "SGD", by the options that each alone has; "" if neither.
std::string_view familyOf(const StateTree& group) {
  if (group.find("betas") && group.find("amsgrad")) return "Adam";
  if (group.find("momentum") && group.find("dampening") && group.find("nesterov")) return "SGD";
  return {};
}

void take(const StateTree& group, std::string_view key, double& into) { into = numberAt(group, key).value_or(into); }
void take(const StateTree& group, std::string_view key, bool& into) {
  into = numberAt(group, key).value_or(into ? 1 : 0) != 0;
}

void takeOptions(const StateTree& group, core::SGDOptions& options) {
  take(group, "momentum", options.momentum);
  take(group, "dampening", options.dampening);
  take(group, "weight_decay", options.weightDecay);
  take(group, "nesterov", options.nesterov);
}

template <typename AdamLike>
void takeOptions(const StateTree& group, AdamLike& options) {
  options.betas = pairAt(group, "betas").value_or(options.betas);
  take(group, "eps", options.eps);
  take(group, "weight_decay", options.weightDecay);
  take(group, "amsgrad", options.amsgrad);
}

/// Whether the spec's optimizer is the one whose state this is; else a problem.
bool sameOptimizer(const StateTree& group, const core::RunSpec& spec, SettingsFound& found) {
  const auto wanted = core::optimizerType(spec.optimizer);
  const auto family = familyOf(group);
  const bool adam = wanted != "SGD";
  std::string is(family);
  if (family == "Adam")
    if (const auto decoupled = numberAt(group, "decoupled_weight_decay")) is = *decoupled != 0 ? "AdamW" : "Adam";
  const bool same = family.empty()
                        ? false
                        : (family == "SGD" ? !adam : adam && (is == wanted || !group.find("decoupled_weight_decay")));
  if (same) return true;
  found.problems.push_back(
      family.empty()
          ? std::string("its optimizer is none that Cairn has (SGD, Adam, AdamW); import the weights alone")
          : fmt::format(
                "its optimizer state is that of {}, and the spec says {}; set optimizer.type to \"{}\", or import "
                "the weights alone",
                is, wanted, is));
  return false;
}

/// Cairn's optimizers have one group: several are taken as one if their options agree.
void checkGroups(const StateTree::List& groups, SettingsFound& found) {
  constexpr std::string_view kOptions[] = {"lr",           "momentum", "dampening", "nesterov", "betas",
                                           "weight_decay", "eps",      "amsgrad",   "initial_lr"};
  for (std::size_t i = 1; i < groups.size(); ++i)
    for (const auto key : kOptions)
      if (numberAt(groups[i], key) != numberAt(groups[0], key) || pairAt(groups[i], key) != pairAt(groups[0], key))
        found.problems.push_back(
            fmt::format("its parameter groups 0 and {} have another {}, and Cairn trains all parameters alike; import "
                        "the weights alone",
                        i, key));
  for (const auto& group : groups)
    if (numberAt(group, "maximize").value_or(0) != 0)
      found.problems.emplace_back("its optimizer maximizes the loss, which Cairn does not; import the weights alone");
}

/// A note for each setting that is now another one; a problem if the whole is not valid any more.
void noteChanges(const core::RunSpec& before, const core::RunSpec& after, SettingsFound& found) {
  for (const auto& [key, old, now] : core::differences(before, after))
    found.notes.push_back(fmt::format("{}: {} from the file (the spec says {})", key, now.empty() ? "none" : now,
                                      old.empty() ? "none" : old));
  try {
    core::parseRunSpec(nlohmann::json::parse(core::toJson(after).dump()), "/");
  } catch (const Error& error) {
    found.problems.push_back(fmt::format("{} in the file: {}", error.subject(), error.why()));
  }
}

std::string_view scheduleOf(const StateTree& state) {
  if (state.find("T_max")) return "CosineAnnealingLR";
  if (state.find("step_size")) return "StepLR";
  if (state.find("patience") && state.find("factor")) return "ReduceLROnPlateau";
  // MultiStepLR and CyclicLR have a gamma as well, and do something else with it.
  const auto has = [&](const char* key) { return state.find(key) != nullptr; };
  if (has("gamma") && !has("milestones") && !has("max_lrs") && !has("total_size")) return "ExponentialLR";
  return {};
}

using Schedule = decltype(core::LRSchedulerSpec::schedule);

Schedule emptySchedule(std::string_view type) {
  if (type == "CosineAnnealingLR") return core::CosineAnnealingLR{};
  if (type == "StepLR") return core::StepLR{};
  if (type == "ReduceLROnPlateau") return core::ReduceLROnPlateau{};
  return core::ExponentialLR{};
}

void takeCount(const StateTree& state, std::string_view key, std::int64_t& into) {
  if (const auto* child = state.find(key)) into = child->asInteger().value_or(into);
}

void takeOptions(const StateTree&, std::monostate&) {}
void takeOptions(const StateTree& state, core::StepLR& options) {
  takeCount(state, "step_size", options.stepSize);
  take(state, "gamma", options.gamma);
}
void takeOptions(const StateTree& state, core::ExponentialLR& options) { take(state, "gamma", options.gamma); }
void takeOptions(const StateTree& state, core::CosineAnnealingLR& options) {
  takeCount(state, "T_max", options.tMax);
  take(state, "eta_min", options.etaMin);
}
void takeOptions(const StateTree& state, core::ReduceLROnPlateau& options) {
  const auto textIs = [&](std::string_view key, std::string_view text) {
    const auto* child = state.find(key);
    const auto* value = child ? child->as<std::string>() : nullptr;
    return value && *value == text;
  };
  options.mode = textIs("mode", "max") ? core::Mode::Max : core::Mode::Min;
  options.relativeThreshold = !textIs("threshold_mode", "abs");
  take(state, "factor", options.factor);
  take(state, "threshold", options.threshold);
  take(state, "eps", options.eps);
  takeCount(state, "patience", options.patience);
  takeCount(state, "cooldown", options.cooldown);
  if (const auto* list = state.find("min_lrs") ? state.find("min_lrs")->as<StateTree::List>() : nullptr;
      list && !list->empty())
    options.minLr = list->front().asNumber().value_or(options.minLr);
}

}  // namespace

void takeOptimizerSettings(const StateTree& optimizer, core::RunSpec& spec, SettingsFound& found) {
  const auto* groups =
      optimizer.find(keys::kParamGroups) ? optimizer.find(keys::kParamGroups)->as<StateTree::List>() : nullptr;
  if (!groups || groups->empty() || !optimizer.find(keys::kOptimizerState)) {
    found.problems.emplace_back(
        "its optimizer state has no state and param_groups, as torch.optim's state_dict() has; import the weights "
        "alone");
    return;
  }
  const auto& group = groups->front();
  if (!sameOptimizer(group, spec, found)) return;
  checkGroups(*groups, found);
  const auto before = spec;
  found.lr = numberAt(group, "lr");
  std::visit(
      [&](auto& options) {
        takeOptions(group, options);
        // A schedule starts from initial_lr; what it has come to is the group's lr.
        options.lr = numberAt(group, "initial_lr").value_or(found.lr.value_or(options.lr));
      },
      spec.optimizer);
  noteChanges(before, spec, found);
}

void takeSchedulerSettings(const StateTree& scheduler, core::RunSpec& spec, SettingsFound& found) {
  const auto type = scheduleOf(scheduler);
  const auto wanted = core::schedulerType(spec.lrScheduler);
  if (type.empty()) {
    found.problems.emplace_back(
        "its lr schedule is none that Cairn has (StepLR, ExponentialLR, CosineAnnealingLR, "
        "ReduceLROnPlateau); remove it from the file, or import the weights alone");
    return;
  }
  if (!wanted.empty() && wanted != type) {
    found.problems.push_back(
        fmt::format("its lr schedule is {}, and the spec says {}; set lr_scheduler.type to \"{}\", or leave it out",
                    type, wanted, type));
    return;
  }
  const auto before = spec;
  if (wanted.empty()) spec.lrScheduler.schedule = emptySchedule(type);
  std::visit([&](auto& options) { takeOptions(scheduler, options); }, spec.lrScheduler.schedule);
  noteChanges(before, spec, found);
}

}  // namespace cairn::engine
