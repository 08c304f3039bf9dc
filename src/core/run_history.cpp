#include "core/run_history.h"

#include <nlohmann/json.hpp>

#include "core/event_kinds.h"

namespace cairn::core {

using Json = nlohmann::json;

std::string environmentDetail(const std::vector<std::string>& changes) { return Json{{"changes", changes}}.dump(); }

std::vector<std::string> changesOf(const RunEvent& event) {
  const auto detail = Json::parse(event.detail, nullptr, false);
  return detail.is_object() ? detail.value("changes", std::vector<std::string>{}) : std::vector<std::string>{};
}

std::vector<std::string> changesSinceResume(const std::vector<RunEvent>& events) {
  // They stand in the order of their steps: a later resume may have begun at an earlier one.
  const RunEvent* newest = nullptr;
  for (const auto& event : events)
    if (event.kind == kResumedEvent && (!newest || event.createdAt >= newest->createdAt)) newest = &event;
  return newest ? changesOf(*newest) : std::vector<std::string>{};
}

std::optional<std::int64_t> divergedAt(const RunRecord& run, const std::vector<RunEvent>& events) {
  if (run.status != RunStatus::Failed) return {};
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    if (event->kind != kFailedEvent) continue;
    const auto detail = Json::parse(event->detail, nullptr, false);
    if (!detail.is_object() || !detail.value("diverged", false)) return {};
    return event->step;
  }
  return {};
}

std::string failureDetail(const std::string& message, bool diverged) {
  return Json{{"message", message}, {"diverged", diverged}}.dump();
}

}  // namespace cairn::core
