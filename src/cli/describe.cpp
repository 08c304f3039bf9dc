#include "cli/describe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <nlohmann/json.hpp>

#include "cli/terminal.h"
#include "core/records_json.h"
#include "core/run_history.h"
#include "core/text.h"

namespace cairn::cli {

namespace {

/// "2026-11-23 20:51:04" of ISO 8601.
std::string plainTime(std::string iso) {
  if (iso.size() < 19) return iso;
  iso[10] = ' ';
  return iso.substr(0, 19);
}

std::string bestText(const core::RunRecord& run) {
  return run.best ? fmt::format("{} {:.4g} @{}", run.best->metric, run.best->value, run.best->step) : "-";
}

std::string stepsText(const core::RunRecord& run) {
  return run.totalSteps > 0 ? fmt::format("{}/{}", run.step, run.totalSteps) : std::to_string(run.step);
}

std::string rolesText(const core::CheckpointRecord& checkpoint) {
  auto roles = checkpoint.roles;
  if (checkpoint.pinned) roles.insert("pinned");
  return fmt::format("{}", fmt::join(roles, ","));
}

using Entries = std::vector<std::pair<std::string, std::string>>;

void addNonEmpty(Entries& entries, const char* key, const std::string& value) {
  if (!value.empty()) entries.emplace_back(key, value);
}

void addCheck(Entries& entries, const core::ResumeCheck& check, const std::vector<std::string>& changes) {
  entries.emplace_back("resumed",
                       fmt::format("{} of {} repeated steps identical", check.identical, check.stepsRepeated));
  addNonEmpty(entries, "differs", check.firstDifference);
  addNonEmpty(entries, "changed since", fmt::format("{}", fmt::join(changes, "; ")));
}

/// The spec's keys, dotted, a line each.
void addSpec(Entries& entries, const std::string& path, const nlohmann::ordered_json& value) {
  if (!value.is_object()) {
    entries.emplace_back(path, value.is_string() ? value.get<std::string>() : value.dump());
    return;
  }
  for (const auto& [key, child] : value.items()) addSpec(entries, path.empty() ? key : path + "." + key, child);
}

}  // namespace

std::string shortId(const std::string& id) { return id.substr(0, 8); }

std::string shapeText(const std::vector<std::int64_t>& shape) {
  return shape.empty() ? "0-dim" : fmt::format("{}", fmt::join(shape, " x "));
}

std::string runTable(const std::vector<core::RunRecord>& runs) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& run : runs)
    rows.push_back({shortId(run.id), run.name, std::string(core::toText(run.status)), stepsText(run),
                    std::to_string(run.epoch), bestText(run),
                    run.parentCheckpoint.empty() ? "-" : fmt::format("{}@{}", shortId(run.parentRun), run.parentStep),
                    plainTime(run.createdAt)});
  return table({"ID", "NAME", "STATUS", "STEP", "EPOCH", "BEST", "FROM", "CREATED (UTC)"}, rows,
               {false, false, false, true, true});
}

std::string checkpointTable(const std::vector<core::CheckpointRecord>& checkpoints,
                            const std::vector<core::RunRecord>& runs) {
  std::map<std::string, std::string> names;
  for (const auto& run : runs) names[run.id] = run.name;
  std::vector<std::vector<std::string>> rows;
  for (const auto& checkpoint : checkpoints)
    rows.push_back({shortId(checkpoint.id), names[checkpoint.run], std::to_string(checkpoint.step),
                    std::to_string(checkpoint.epoch), checkpoint.loss ? fmt::format("{:.4g}", *checkpoint.loss) : "-",
                    std::string(core::toText(checkpoint.kind)), rolesText(checkpoint),
                    std::string(core::toText(checkpoint.state)),
                    core::humanBytes(checkpoint.bytes), plainTime(checkpoint.createdAt)});
  return table({"ID", "RUN", "STEP", "EPOCH", "LOSS", "KIND", "ROLES", "STATE", "SIZE", "CREATED (UTC)"}, rows,
               {false, false, true, true, true, false, false, false, true});
}

std::string describeRun(const core::RunRecord& run, const std::vector<core::RunEvent>& events) {
  Entries entries{{"run", run.id},
                  {"name", run.name},
                  {"status", std::string(core::toText(run.status))},
                  {"step", stepsText(run)},
                  {"epoch", std::to_string(run.epoch)},
                  {"best", bestText(run)}};
  addNonEmpty(entries, "failure", run.failure);
  if (run.resumeCheck) addCheck(entries, *run.resumeCheck, core::changesSinceResume(events));
  if (!run.parentCheckpoint.empty())
    entries.emplace_back("from", fmt::format("{}@{} ({})", run.parentRun, run.parentStep, run.parentCheckpoint));
  addNonEmpty(entries, "device",
              run.threads > 0 ? fmt::format("{}, {} thread{}", run.device, run.threads, run.threads == 1 ? "" : "s")
                              : run.device);
  entries.emplace_back("created", plainTime(run.createdAt) + " UTC");
  entries.emplace_back("on disk", core::humanBytes(run.checkpointBytes));
  addNonEmpty(entries, "note", run.note);
  addNonEmpty(entries, "tags", fmt::format("{}", fmt::join(run.tags, ", ")));
  auto spec = core::toJson(run.spec);
  spec.erase("name");
  addSpec(entries, "", spec);
  return keyValues(entries);
}

std::string describeCheckpoint(const core::CheckpointRecord& checkpoint, const std::string& runName) {
  Entries entries{{"checkpoint", checkpoint.id},
                  {"run", fmt::format("{} ({})", checkpoint.run, runName)},
                  {"step", std::to_string(checkpoint.step)},
                  {"epoch", std::to_string(checkpoint.epoch)},
                  {"kind", std::string(core::toText(checkpoint.kind))},
                  {"roles", rolesText(checkpoint)},
                  {"state", std::string(core::toText(checkpoint.state))}};
  addNonEmpty(entries, "mean of", fmt::format("{}", fmt::join(checkpoint.parents, ", ")));
  if (checkpoint.loss) entries.emplace_back("loss", core::roundTrip(*checkpoint.loss));
  for (const auto& [name, value] : checkpoint.metrics) entries.emplace_back(name, core::roundTrip(value));
  entries.emplace_back("file", checkpoint.path);
  entries.emplace_back("size", core::humanBytes(checkpoint.bytes));
  entries.emplace_back("state hash", checkpoint.hash);
  entries.emplace_back("saved", plainTime(checkpoint.createdAt) + " UTC");
  addNonEmpty(entries, "verified", plainTime(checkpoint.verifiedAt));
  addNonEmpty(entries, "note", checkpoint.note);
  addNonEmpty(entries, "tags", fmt::format("{}", fmt::join(checkpoint.tags, ", ")));
  return keyValues(entries);
}

nlohmann::ordered_json runJson(const core::RunRecord& run, const std::vector<core::RunEvent>& events) {
  auto json = core::toJson(run);
  if (run.resumeCheck) json["resume_check"]["changes"] = core::changesSinceResume(events);
  return json;
}

}  // namespace cairn::cli
