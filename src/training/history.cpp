#include "training/history.h"

#include <nlohmann/json.hpp>

#include "core/event_kinds.h"

namespace cairn::training {

namespace {

using Json = nlohmann::json;

Json limitOf(const core::TrainingSpec& training) {
  return training.epochs ? Json{{"epochs", *training.epochs}} : Json{{"steps", training.steps.value_or(0)}};
}

}  // namespace

std::string longerDetail(const core::TrainingSpec& now, const core::TrainingSpec& before) {
  auto detail = limitOf(now);
  detail["before"] = limitOf(before);
  return detail.dump();
}

std::vector<engine::ReplayedSetting> changesAfter(const std::vector<core::RunEvent>& events, std::int64_t startStep) {
  std::vector<engine::ReplayedSetting> changes;
  for (const auto& event : events)
    if (event.kind == core::kLrEvent && event.step > startStep)
      changes.push_back({event.step, Json::parse(event.detail).at("lr").get<double>()});
  return changes;
}

std::vector<std::int64_t> longerAfter(const std::vector<core::RunEvent>& events, std::int64_t startStep) {
  std::vector<std::int64_t> steps;
  for (const auto& event : events)
    if (event.kind == core::kTrainLongerEvent && event.step > startStep) steps.push_back(event.step - 1);
  return steps;
}

std::optional<core::TrainingSpec> firstLimit(const core::TrainingSpec& now, const std::vector<core::RunEvent>& events) {
  for (const auto& event : events) {
    if (event.kind != core::kTrainLongerEvent) continue;
    const auto before = Json::parse(event.detail).value("before", Json::object());
    auto first = now;
    first.epochs.reset();
    first.steps.reset();
    if (before.contains("epochs")) first.epochs = before["epochs"].get<std::int64_t>();
    if (before.contains("steps")) first.steps = before["steps"].get<std::int64_t>();
    if (first.epochs || first.steps) return first;
    return {};  // an event from before limits were kept
  }
  return {};
}

bool wasAccepted(const std::vector<core::RunEvent>& events, std::int64_t step, const std::string& fingerprint) {
  for (const auto& event : events)
    if (event.kind == core::kDataChangedEvent && event.step == step + 1 &&
        Json::parse(event.detail).value("fingerprint", "") == fingerprint)
      return true;
  return false;
}

std::string acceptedDetail(const std::string& fingerprint) { return Json{{"fingerprint", fingerprint}}.dump(); }

BranchStart branchStart(const std::vector<core::RunEvent>& events) {
  for (const auto& event : events) {
    if (event.kind != core::kBranchedEvent) continue;
    const auto detail = Json::parse(event.detail);
    BranchStart start{.resetOptimizer = detail.value("reset_optimizer", false), .lr = {}};
    if (detail.contains("lr")) start.lr = detail["lr"].get<double>();
    return start;
  }
  return {};
}

}  // namespace cairn::training
