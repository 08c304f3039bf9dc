// What a run's events tell of its past. Free functions, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/records.h"

namespace cairn::core {

/// Of the event "environment" (a setting that nobody changed by hand), and back: "threads: 1, now 2", and so on. Of the
/// event "resumed" too.
std::string environmentDetail(const std::vector<std::string>& changes);
std::vector<std::string> changesOf(const RunEvent& event);
/// What the newest resume found changed; empty if nothing. `events` are the run's.
std::vector<std::string> changesSinceResume(const std::vector<RunEvent>& events);

/// The step at which a run failed because a loss, a gradient or a weight was no number any more; nothing if it is not
/// such a failure that it stands at.
std::optional<std::int64_t> divergedAt(const RunRecord& run, const std::vector<RunEvent>& events);
/// Of the event "failed".
std::string failureDetail(const std::string& message, bool diverged);

/// Whether a repeated step was not as on record.
inline bool differs(const ResumeCheck& check) { return check.identical < check.stepsRepeated; }

}  // namespace cairn::core
