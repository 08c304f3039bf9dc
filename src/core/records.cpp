#include "core/records.h"

#include <array>
#include <utility>

namespace cairn::core {

namespace {

template <typename E, std::size_t N>
using Names = std::array<std::pair<E, std::string_view>, N>;

constexpr Names<RunStatus, 7> kStatuses{{{RunStatus::Queued, "queued"},
                                         {RunStatus::Running, "running"},
                                         {RunStatus::Paused, "paused"},
                                         {RunStatus::Stopped, "stopped"},
                                         {RunStatus::Completed, "completed"},
                                         {RunStatus::Failed, "failed"},
                                         {RunStatus::Interrupted, "interrupted"}}};
constexpr Names<CheckpointKind, 7> kKinds{{{CheckpointKind::Periodic, "periodic"},
                                           {CheckpointKind::Best, "best"},
                                           {CheckpointKind::Manual, "manual"},
                                           {CheckpointKind::Final, "final"},
                                           {CheckpointKind::Imported, "imported"},
                                           {CheckpointKind::Averaged, "averaged"},
                                           {CheckpointKind::Recreated, "recreated"}}};
constexpr Names<CheckpointState, 5> kStates{{{CheckpointState::Ready, "ready"},
                                             {CheckpointState::Pruned, "pruned"},
                                             {CheckpointState::Deleted, "deleted"},
                                             {CheckpointState::Missing, "missing"},
                                             {CheckpointState::Damaged, "damaged"}}};

template <typename E, std::size_t N>
std::string_view nameOf(const Names<E, N>& names, E value) {
  for (const auto& [known, name] : names)
    if (known == value) return name;
  return {};
}

template <typename E, std::size_t N>
std::optional<E> valueOf(const Names<E, N>& names, std::string_view text) {
  for (const auto& [known, name] : names)
    if (name == text) return known;
  return {};
}

}  // namespace

std::string_view toText(RunStatus status) { return nameOf(kStatuses, status); }
std::optional<RunStatus> runStatusFromText(std::string_view text) { return valueOf(kStatuses, text); }
std::string_view toText(CheckpointKind kind) { return nameOf(kKinds, kind); }
std::optional<CheckpointKind> checkpointKindFromText(std::string_view text) { return valueOf(kKinds, text); }
std::string_view toText(CheckpointState state) { return nameOf(kStates, state); }
std::optional<CheckpointState> checkpointStateFromText(std::string_view text) { return valueOf(kStates, text); }

}  // namespace cairn::core
