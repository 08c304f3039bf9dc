#include "core/records_json.h"

#include <nlohmann/json.hpp>

namespace cairn::core {

namespace {
using Json = nlohmann::ordered_json;

Json orNull(const std::string& text) { return text.empty() ? Json() : Json(text); }
}  // namespace

Json toJson(const ResumeCheck& check) {
  return {{"steps_repeated", check.stepsRepeated},
          {"identical", check.identical},
          {"first_difference", orNull(check.firstDifference)}};
}

Json toJson(const RunRecord& run) {
  Json out;
  out["id"] = run.id;
  out["name"] = run.name;
  out["status"] = toText(run.status);
  out["step"] = run.step;
  out["total_steps"] = run.totalSteps;
  out["epoch"] = run.epoch;
  out["parent_checkpoint"] = orNull(run.parentCheckpoint);
  out["created_at"] = run.createdAt;
  out["spec"] = toJson(run.spec);
  out["device"] = orNull(run.device);
  out["threads"] = run.threads > 0 ? Json(run.threads) : Json();
  out["best"] =
      run.best ? Json{{"step", run.best->step}, {"metric", run.best->metric}, {"value", run.best->value}} : Json();
  out["parent_run"] = orNull(run.parentRun);
  out["parent_step"] = run.parentRun.empty() ? Json() : Json(run.parentStep);
  out["updated_at"] = run.updatedAt;
  out["failure"] = orNull(run.failure);
  out["note"] = run.note;
  out["tags"] = run.tags;
  out["checkpoint_bytes"] = run.checkpointBytes;
  out["resume_check"] = run.resumeCheck ? toJson(*run.resumeCheck) : Json();
  return out;
}

Json toJson(const CheckpointRecord& checkpoint) {
  Json out;
  out["id"] = checkpoint.id;
  out["run"] = checkpoint.run;
  out["step"] = checkpoint.step;
  out["epoch"] = checkpoint.epoch;
  out["kind"] = toText(checkpoint.kind);
  out["roles"] = checkpoint.roles;
  out["loss"] = checkpoint.loss ? Json(*checkpoint.loss) : Json();
  out["metrics"] = Json::object();
  for (const auto& [name, value] : checkpoint.metrics) out["metrics"][name] = value;
  out["monitored"] = checkpoint.monitored ? Json(*checkpoint.monitored) : Json();
  out["path"] = checkpoint.path;
  out["bytes"] = checkpoint.bytes;
  out["hash"] = checkpoint.hash;
  out["pinned"] = checkpoint.pinned;
  out["note"] = checkpoint.note;
  out["tags"] = checkpoint.tags;
  out["created_at"] = checkpoint.createdAt;
  out["state"] = toText(checkpoint.state);
  out["file_hash"] = checkpoint.fileHash;
  out["verified_at"] = orNull(checkpoint.verifiedAt);
  out["save_seconds"] = checkpoint.saveSeconds;
  out["parents"] = checkpoint.parents;
  return out;
}

}  // namespace cairn::core
