// Runs and checkpoints as the catalog keeps them and every other layer sees them: plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/run_spec.h"

namespace cairn::core {

enum class RunStatus { Queued, Running, Paused, Stopped, Completed, Failed, Interrupted };
std::string_view toText(RunStatus status);
std::optional<RunStatus> runStatusFromText(std::string_view text);

/// Why a checkpoint was saved, and what it is now (a role). `Branch` (another run starts here) is a role alone.
enum class CheckpointKind { Periodic, Best, Manual, Final, Imported, Averaged, Recreated };
std::string_view toText(CheckpointKind kind);
std::optional<CheckpointKind> checkpointKindFromText(std::string_view text);

enum class CheckpointState { Ready, Pruned, Deleted, Missing, Damaged };
std::string_view toText(CheckpointState state);
std::optional<CheckpointState> checkpointStateFromText(std::string_view text);

struct BestValue {
  std::int64_t step = 0;
  std::string metric;  ///< a series' name, as checkpoints.monitor
  double value = 0;
};

/// What repeating recorded steps after a crash showed.
struct ResumeCheck {
  std::int64_t stepsRepeated = 0;
  std::int64_t identical = 0;
  std::string firstDifference;  ///< "" if all are identical; else the step, series and both values
};

struct RunRecord {
  std::string id;  ///< 16 hex digits
  std::string name;
  RunStatus status = RunStatus::Queued;
  std::int64_t step = 0;        ///< newest on record
  std::int64_t totalSteps = 0;  ///< 0: not known before the data is read
  std::int64_t epoch = 0;       ///< completed
  std::string parentCheckpoint;  ///< id; "" for a run from step 0
  std::int64_t parentStep = 0;   ///< of that checkpoint: where this run's own steps begin
  std::string parentRun;         ///< id of its run; "" without
  std::string createdAt;         ///< ISO 8601, UTC
  std::string updatedAt;         ///< of the newest metric, event or state on record
  RunSpec spec;
  std::string device;  ///< "" before it first ran
  int threads = 0;     ///< 0 before it first ran
  std::optional<BestValue> best;
  std::optional<ResumeCheck> resumeCheck;  ///< of the newest resume
  std::string failure;                     ///< why it failed, for a person; "" otherwise
  std::string note;
  std::vector<std::string> tags;
  std::optional<int> color;          ///< of the palette, as a person chose it; absent: by its place in the home
  bool hidden = false;               ///< out of sight until it is asked for
  std::int64_t checkpointBytes = 0;  ///< of its ready files
  std::int64_t checkpointRevision = 0;  ///< changes with any of its checkpoints
};

struct CheckpointRecord {
  std::string id;   ///< 16 hex digits
  std::string run;  ///< its run's id
  std::int64_t step = 0;
  std::int64_t epoch = 0;
  CheckpointKind kind = CheckpointKind::Periodic;
  std::set<std::string> roles;  ///< kinds' texts that apply now, and "branch" where a run starts here
  std::optional<double> loss;   ///< the last training loss
  std::map<std::string, double> metrics;  ///< newest value of each series at its step
  std::optional<double> monitored;        ///< what its epoch was judged by: checkpoints.monitor's, a training series'
                                          ///< as the epoch's mean; none within an epoch
  std::string path;                       ///< absolute
  std::int64_t bytes = 0;
  std::string hash;      ///< of the training state alone: equal hashes, equal states
  std::string fileHash;  ///< XXH3-128 of the whole file, hex
  bool pinned = false;
  std::string note;
  std::vector<std::string> tags;
  std::string createdAt;   ///< ISO 8601, UTC
  std::string verifiedAt;  ///< "" if never since it was written
  CheckpointState state = CheckpointState::Ready;
  double saveSeconds = 0;  ///< from snapshot to durable
  std::vector<std::string> parents;  ///< ids of the checkpoints that an averaged one is the mean of; else empty
};

/// A change while a run trained, or something that befell it: at a step, kept with the run.
struct RunEvent {
  std::int64_t step = 0;   ///< the first step that it affects
  std::string kind;        ///< of core/event_kinds.h
  std::string detail;      ///< JSON text
  std::string createdAt;   ///< ISO 8601, UTC
};

}  // namespace cairn::core
