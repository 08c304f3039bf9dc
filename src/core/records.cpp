#include "core/records.h"

#include "core/name_table.h"

namespace cairn::core {

namespace {

constexpr NameTable<RunStatus, 7> kStatuses{{{RunStatus::Queued, "queued"},
                                             {RunStatus::Running, "running"},
                                             {RunStatus::Paused, "paused"},
                                             {RunStatus::Stopped, "stopped"},
                                             {RunStatus::Completed, "completed"},
                                             {RunStatus::Failed, "failed"},
                                             {RunStatus::Interrupted, "interrupted"}}};
constexpr NameTable<CheckpointKind, 7> kKinds{{{CheckpointKind::Periodic, "periodic"},
                                               {CheckpointKind::Best, "best"},
                                               {CheckpointKind::Manual, "manual"},
                                               {CheckpointKind::Final, "final"},
                                               {CheckpointKind::Imported, "imported"},
                                               {CheckpointKind::Averaged, "averaged"},
                                               {CheckpointKind::Recreated, "recreated"}}};
constexpr NameTable<CheckpointState, 5> kStates{{{CheckpointState::Ready, "ready"},
                                                 {CheckpointState::Pruned, "pruned"},
                                                 {CheckpointState::Deleted, "deleted"},
                                                 {CheckpointState::Missing, "missing"},
                                                 {CheckpointState::Damaged, "damaged"}}};

}  // namespace

std::string_view toText(RunStatus status) { return nameOf(kStatuses, status); }
std::optional<RunStatus> runStatusFromText(std::string_view text) { return valueNamed(kStatuses, text); }
std::string_view toText(CheckpointKind kind) { return nameOf(kKinds, kind); }
std::optional<CheckpointKind> checkpointKindFromText(std::string_view text) { return valueNamed(kKinds, text); }
std::string_view toText(CheckpointState state) { return nameOf(kStates, state); }
std::optional<CheckpointState> checkpointStateFromText(std::string_view text) { return valueNamed(kStates, text); }

}  // namespace cairn::core
