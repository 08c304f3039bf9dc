// Runs and checkpoints as text for people. Free functions, thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/records.h"

namespace cairn::cli {

std::string shortId(const std::string& id);
std::string shapeText(const std::vector<std::int64_t>& shape);  ///< "64 x 10"; "0-dim"
std::string runTable(const std::vector<core::RunRecord>& runs);
/// `runs` gives the names of the runs that the checkpoints belong to.
std::string checkpointTable(const std::vector<core::CheckpointRecord>& checkpoints,
                            const std::vector<core::RunRecord>& runs);
/// `events`: the run's, in their order; they tell what its newest resume found changed.
std::string describeRun(const core::RunRecord& run, const std::vector<core::RunEvent>& events);
nlohmann::ordered_json runJson(const core::RunRecord& run, const std::vector<core::RunEvent>& events);
std::string describeCheckpoint(const core::CheckpointRecord& checkpoint, const std::string& runName);

}  // namespace cairn::cli
