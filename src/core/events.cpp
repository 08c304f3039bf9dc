#include "core/events.h"

namespace cairn::core {

bool isFinal(SessionState state) {
  return state == SessionState::Stopped || state == SessionState::Completed || state == SessionState::Failed;
}

std::string_view toText(SessionState state) {
  switch (state) {
    case SessionState::Idle: return "idle";
    case SessionState::Preparing: return "preparing";
    case SessionState::Training: return "training";
    case SessionState::Validating: return "validating";
    case SessionState::Paused: return "paused";
    case SessionState::Stopped: return "stopped";
    case SessionState::Completed: return "completed";
    case SessionState::Failed: return "failed";
  }
  return {};
}

}  // namespace cairn::core
