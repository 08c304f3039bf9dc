#include "training/recreation.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "core/event_kinds.h"
#include "core/run_history.h"
#include "core/text.h"
#include "storage/catalog.h"
#include "storage/torch_file.h"
#include "training/new_run.h"

namespace cairn::training {

namespace {

using core::CheckpointKind;
using core::CheckpointState;
using storage::Catalog;

storage::RepeatedSteps recordAfter(const storage::Home& home, const std::string& run, std::int64_t startStep) {
  Catalog catalog(home, Catalog::Access::Read);
  return {catalog, run, startStep};
}

bool isWithinValidation(const core::StateTree& file) { return file.at("cairn").text("phase") == "validating"; }

/// Under the id that its row has, so that the file says the same.
core::StateTree labelled(core::StateTree tree, const std::string& id) {
  auto* cairn = tree.find("cairn");
  cairn->set("checkpoint", id);
  cairn->set("kind", std::string(core::toText(CheckpointKind::Recreated)));
  return tree;
}

/// Writes the file that `record` will name, as one that was recreated.
void writeFile(Catalog& catalog, core::CheckpointRecord& record, const core::StateTree& state) {
  writeFileOf(catalog, record, labelled(state, record.id));
  record.state = CheckpointState::Ready;
  record.kind = CheckpointKind::Recreated;
  record.roles.emplace(core::toText(CheckpointKind::Recreated));
  record.verifiedAt.clear();
}

}  // namespace

/// A state that was made again, and the row that says the run had it.
struct Recreation::Match {
  const core::CheckpointTaken* taken = nullptr;  ///< null: no row has the hash of a state that was made
  core::CheckpointRecord row;
  bool anyHash = false;  ///< some row of the step has one to compare with
};

Recreation::Recreation(const storage::Home& home, core::RunRecord run, std::int64_t startStep, std::int64_t step,
                       core::EventSink& downstream)
    : home_(home),
      run_(std::move(run)),
      step_(step),
      repeats_(recordAfter(home, run_.id, startStep)),
      downstream_(downstream) {}

void Recreation::post(const core::Event& event) {
  if (const auto* measured = std::get_if<core::MetricsMeasured>(&event)) {
    compare(*measured);
  } else if (const auto* taken = std::get_if<core::CheckpointTaken>(&event)) {
    if (taken->record.step == step_ && taken->record.kind == CheckpointKind::Recreated) states_.push_back(*taken);
    return;
  } else if (const auto* started = std::get_if<core::TrainingStarted>(&event)) {
    auto untilStep = *started;
    untilStep.totalSteps = step_;
    return downstream_.post(untilStep);
  } else if (const auto* change = std::get_if<core::SessionStateChanged>(&event)) {
    return end(*change);
  } else if (const auto* setting = std::get_if<core::SettingChanged>(&event)) {
    if (setting->event.kind == core::kEnvironmentEvent) changes_ = core::changesOf(setting->event);
  }
  downstream_.post(event);
}

void Recreation::compare(const core::MetricsMeasured& measured) {
  (void)repeats_.compare(measured.points);
  downstream_.post(core::StepsRepeated{repeats_.check(), false});
}

void Recreation::end(core::SessionStateChanged change) {
  if (core::isFinal(change.state)) {
    repeats_.end();
    downstream_.post(core::StepsRepeated{repeats_.check(), true});
    // It is the step that was asked for, not the run's end, that completes this.
    if (change.state == core::SessionState::Stopped && !states_.empty()) {
      change.state = core::SessionState::Completed;
      change.reason = "recreated";
    }
  }
  downstream_.post(change);
}

// Of several rows at the step, the one that can be used, or else brought back, comes first.
Recreation::Match Recreation::match(Catalog& catalog) const {
  Match best;
  const auto rank = [&](const core::CheckpointRecord& row) {
    if (row.state == CheckpointState::Ready) return 2;
    const bool gone = row.state == CheckpointState::Pruned || row.state == CheckpointState::Missing;
    return gone && !catalog.files().exists(row.path) ? 1 : 0;
  };
  for (const auto& taken : states_) {
    const auto hash = storage::stateHash(*taken.state);
    for (const auto& row : catalog.checkpoints(run_.id)) {
      if (row.step != step_ || row.hash.empty()) continue;
      best.anyHash = true;
      if (row.hash != hash || (best.taken && rank(row) <= rank(best.row))) continue;
      best.taken = &taken;
      best.row = row;
    }
  }
  return best;
}

/// Where the run went on from: after a validation, before a change that came with the next step.
const core::CheckpointTaken& Recreation::usualState() const {
  const auto at =
      std::find_if(states_.begin(), states_.end(), [](const auto& taken) { return !isWithinValidation(*taken.state); });
  return at == states_.end() ? states_.back() : *at;
}

Recreated Recreation::bringBack(Catalog& catalog, const Match& match) const {
  auto record = match.row;
  writeFile(catalog, record, *match.taken->state);
  catalog.insertCheckpoint(record);
  return {catalog.checkpoint(record.id), repeats_.check(), changes_, true, false};
}

Recreated Recreation::addNew(Catalog& catalog, const core::CheckpointTaken& taken,
                             std::optional<bool> sameState) const {
  auto record = taken.record;
  record.id = core::newId();
  record.roles = {};
  const auto& check = repeats_.check();
  if (sameState == false || core::differs(check)) {
    // It is not what the run had: it says so, and takes no part in the search for the best.
    record.monitored.reset();
    record.note = "Recreated, but not as on record: " +
                  (check.firstDifference.empty() ? std::string("its state differs") : check.firstDifference);
  }
  writeFile(catalog, record, *taken.state);
  catalog.insertCheckpoint(record);
  return {catalog.checkpoint(record.id), check, changes_, sameState, false};
}

Recreated Recreation::store() {
  if (states_.empty())
    throw Error(fmt::format("step {}", step_), "training ended before it was reached", "choose an earlier step");
  Catalog catalog(home_, Catalog::Access::Write);
  const auto found = match(catalog);
  if (!found.taken) return addNew(catalog, usualState(), found.anyHash ? std::optional(false) : std::nullopt);
  if (found.row.state == CheckpointState::Ready) return {found.row, repeats_.check(), changes_, true, true};
  const bool free = (found.row.state == CheckpointState::Pruned || found.row.state == CheckpointState::Missing) &&
                    !catalog.files().exists(found.row.path);
  return free ? bringBack(catalog, found) : addNew(catalog, *found.taken, true);
}

}  // namespace cairn::training
