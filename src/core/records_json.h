// Runs and checkpoints as JSON, with the keys that docs/cairnctl.md promises. Free functions, thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/records.h"

namespace cairn::core {

/// What is absent is null, and so is a number that is NaN or infinite (JSON has none).
nlohmann::ordered_json toJson(const RunRecord& run);
nlohmann::ordered_json toJson(const CheckpointRecord& checkpoint);
nlohmann::ordered_json toJson(const ResumeCheck& check);

}  // namespace cairn::core
