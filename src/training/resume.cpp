// How a job comes to be that goes through a run's past: one that goes on from it, or makes a step of it again.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/error.h"
#include "core/error_codes.h"
#include "core/event_kinds.h"
#include "core/run_history.h"
#include "core/text.h"
#include "storage/checkpoint_files.h"
#include "training/history.h"
#include "training/job.h"
#include "training/job_impl.h"
#include "training/run_data.h"

namespace cairn::training {

namespace {

using storage::Catalog;
using Events = std::vector<core::RunEvent>;

/// The least that a new limit may be: the present one, in the unit of the new one.
std::int64_t presentLimit(const core::RunRecord& run, bool inEpochs) {
  const auto& training = run.spec.training;
  if (!inEpochs) return training.steps.value_or(run.totalSteps > 0 ? run.totalSteps : run.step);
  if (!training.epochs && run.status != core::RunStatus::Completed)
    throw Error::invalid("epochs", fmt::format("the run is limited by steps ({})", training.steps.value_or(0)),
                         "give the new limit in steps");
  return training.epochs.value_or(run.epoch);
}

/// Raises the limit as asked; false if nothing was asked for.
bool raiseLimit(core::RunRecord& run, const ResumeOptions& options) {
  auto& training = run.spec.training;
  if (!options.epochs && !options.steps) return false;
  if (options.epochs && options.steps) throw Error::invalid("epochs, steps", "both were given", "give one of them");
  const auto limit = options.epochs ? *options.epochs : *options.steps;
  const auto present = presentLimit(run, options.epochs.has_value());
  if (limit < present)
    throw Error::invalid(options.epochs ? "epochs" : "steps", fmt::format("{} is below the run's {}", limit, present),
                         "the limit can only be raised; branch from an earlier checkpoint instead");
  training.epochs = options.epochs;
  training.steps = options.steps;
  return true;
}

struct GoodCheckpoint {
  core::CheckpointRecord record;
  std::shared_ptr<const core::StateTree> state;
};

/// The newest ready checkpoint before `before` (absent: of all) that reads whole. One that does not is marked, said in
/// `warnings`, and passed over.
std::optional<GoodCheckpoint> newestGood(Catalog& catalog, const std::string& run, std::vector<std::string>& warnings,
                                         std::optional<std::int64_t> before = {}) {
  const auto all = catalog.checkpoints(run);  // by step
  for (auto row = all.rbegin(); row != all.rend(); ++row) {
    if (row->state != core::CheckpointState::Ready || (before && row->step >= *before)) continue;
    try {
      return GoodCheckpoint{*row, storage::readCheckpoint(catalog.files(), *row)};
    } catch (const Error& error) {
      if (!storage::tellsOfContents(error)) throw;
      const bool there = catalog.files().exists(row->path);
      catalog.setCheckpointState(row->id, there ? core::CheckpointState::Damaged : core::CheckpointState::Missing);
      warnings.push_back(fmt::format("the checkpoint of step {} cannot be used ({}); the one before it is taken",
                                     row->step, error.what()));
    }
  }
  return {};
}

/// The step of the checkpoint that a run began with which no training led to: an imported or averaged one.
std::optional<std::int64_t> madeStart(const std::vector<core::CheckpointRecord>& checkpoints) {
  std::optional<std::int64_t> step;
  for (const auto& checkpoint : checkpoints)
    if (checkpoint.kind == core::CheckpointKind::Imported || checkpoint.kind == core::CheckpointKind::Averaged)
      step = std::max(step.value_or(0), checkpoint.step);
  return step;
}

/// Such a run is never begun from anything else: neither from step 0, nor from a parent.
[[noreturn]] void failWithoutStart(const core::RunRecord& run, const std::vector<core::CheckpointRecord>& checkpoints) {
  const bool averaged = std::any_of(checkpoints.begin(), checkpoints.end(), [](const auto& checkpoint) {
    return checkpoint.kind == core::CheckpointKind::Averaged;
  });
  throw Error("run " + run.name, "no checkpoint of it can be read, and it began with one that no training leads to",
              averaged ? "average the checkpoints anew (cairnctl average)" : "import the file anew");
}

/// Sets the session up to go on from `good`, or from the run's beginning, and to see what the run saw.
void goOnFrom(Job::Impl& impl, Catalog& catalog, const std::optional<GoodCheckpoint>& good, const Events& events) {
  const auto& run = impl.run;
  auto& session = impl.options;
  session.spec = run.spec;
  session.runId = run.id;
  session.parentCheckpoint = run.parentCheckpoint;
  const auto checkpoints = catalog.checkpoints(run.id);
  if (good) {
    session.from = good->state;
    impl.startStep = good->record.step;
  } else if (madeStart(checkpoints)) {
    failWithoutStart(run, checkpoints);
  } else if (!run.parentCheckpoint.empty()) {
    const auto parent = catalog.checkpoint(run.parentCheckpoint);
    session.from = storage::readCheckpoint(catalog.files(), parent);
    session.branch = true;
    const auto start = branchStart(events);
    session.resetOptimizer = start.resetOptimizer;
    session.lr = start.lr;
    impl.startStep = parent.step;
  }
  if (!good) {
    // No checkpoint of its own says either.
    if (run.threads > 0) session.threads = run.threads;
    session.firstLimit = firstLimit(run.spec.training, events);
  }
  session.replay = changesAfter(events, impl.startStep);
  session.longerAfter = longerAfter(events, impl.startStep);
}

/// The checkpoint that says what data the run was trained on: its own, not a branch's parent's.
const core::StateTree* ownState(const std::optional<GoodCheckpoint>& good) {
  return good ? good->state.get() : nullptr;
}

/// What the session will find. Throws Error if it is other data, and that was not accepted now or before.
DataFound checkData(const core::RunSpec& spec, const std::optional<GoodCheckpoint>& good, const Events& events,
                    bool accept, const core::Progress& progress) {
  auto found = lookAtData(spec.data, ownState(good), progress);
  if (found.changed && !accept && !wasAccepted(events, good->record.step, found.fingerprint))
    throw changedDataError(spec.data);
  return found;
}

void recordResume(Catalog& catalog, const Job::Impl& impl, const core::RunRecord& before, bool raised,
                  const std::string& accepted) {
  const auto& run = impl.run;
  const auto add = [&](std::int64_t step, const char* kind, const std::string& detail) {
    catalog.appendEvent(run.id, {step, kind, detail, core::nowIso8601()});
  };
  const auto moved = core::differences(before.spec, run.spec);
  if (!raised && moved.empty() && accepted.empty()) return;  // a raise to the same limit lets a run go on that stopped early
  catalog.inTransaction([&] {
    catalog.setSpec(run.id, run.spec);
    if (raised) add(run.step + 1, core::kTrainLongerEvent, longerDetail(run.spec.training, before.spec.training));
    for (const auto& [key, from, to] : moved)
      if (key.starts_with("data."))
        add(impl.startStep + 1, core::kDataMovedEvent, nlohmann::json{{"key", key}, {"from", from}, {"to", to}}.dump());
    if (!accepted.empty()) add(impl.startStep + 1, core::kDataChangedEvent, acceptedDetail(accepted));
  });
}

std::string willFailAgain(const core::RunRecord& run, std::int64_t step) {
  return fmt::format(
      "the run failed at step {} ({}): going on takes the same steps again and fails there again; a branch "
      "with a smaller lr takes others (cairnctl branch {}@latest --set optimizer.lr=...)",
      step, run.failure, run.name);
}

/// Throws Error unless the run took `step`, as a whole.
void requireTaken(const core::RunRecord& run, const Events& events,
                  const std::vector<core::CheckpointRecord>& checkpoints, std::int64_t step) {
  const auto subject = fmt::format("step {} of run {}", step, run.name);
  if (step > run.step)
    throw Error(subject, fmt::format("the run has come to step {}", run.step), "resume it to go further");
  if (const auto failed = core::divergedAt(run, events); failed && step >= *failed)
    throw Error(subject, fmt::format("it is where the run failed ({})", run.failure),
                fmt::format("step {} is the last that it took whole", *failed - 1));
  if (step <= run.parentStep && !run.parentCheckpoint.empty())
    throw Error(subject, fmt::format("the run branches off at step {}", run.parentStep),
                fmt::format("recreate it in the run that it comes from ({})", run.parentRun));
  const auto begins = madeStart(checkpoints).value_or(0);
  if (step <= begins)
    throw Error(subject, fmt::format("the run begins at step {}: no training led there", begins),
                "choose a later step");
}

}  // namespace

std::unique_ptr<Job> Job::resume(const storage::Home& home, const std::string& run, const ResumeOptions& options) {
  Catalog catalog(home, Catalog::Access::Write);
  auto impl = std::make_unique<Impl>(home);
  impl->lock = takeLock(catalog, run, catalog.run(run).name);
  const auto before = impl->run = catalog.run(run);
  const bool raised = raiseLimit(impl->run, options);
  if (impl->run.status == core::RunStatus::Completed && !raised) return nullptr;
  if (options.data) impl->run.spec.data = *options.data;

  const auto events = catalog.events(run);
  const auto good = newestGood(catalog, run, impl->warnings);
  const auto found = checkData(impl->run.spec, good, events, options.acceptChangedData, options.progress);
  goOnFrom(*impl, catalog, good, events);
  impl->options.maxSteps = options.maxSteps;
  impl->options.acceptOtherData = found.changed;
  // The raise is not among the events yet.
  if (raised) impl->options.longerAfter.push_back(before.step);
  if (raised && !good && !impl->options.firstLimit) impl->options.firstLimit = before.spec.training;
  const bool news = found.changed && !wasAccepted(events, impl->startStep, found.fingerprint);
  recordResume(catalog, *impl, before, raised, news ? found.fingerprint : std::string());
  if (const auto failed = core::divergedAt(before, events); failed && !found.changed)
    impl->warnings.push_back(willFailAgain(before, *failed));
  return std::unique_ptr<Job>(new Job(std::move(impl)));
}

std::unique_ptr<Job> Job::recreate(const storage::Home& home, const std::string& run, std::int64_t step,
                                   const RecreateOptions& options) {
  Catalog catalog(home, Catalog::Access::Write);
  auto impl = std::make_unique<Impl>(home);
  impl->lock = takeLock(catalog, run, catalog.run(run).name);
  impl->run = catalog.run(run);
  // We hold its lock, so whoever was training it is gone.
  if (impl->run.status == core::RunStatus::Running) {
    catalog.setStatus(run, core::RunStatus::Interrupted);
    impl->run.status = core::RunStatus::Interrupted;
  }
  if (options.data) impl->run.spec.data = *options.data;
  const auto events = catalog.events(run);
  requireTaken(impl->run, events, catalog.checkpoints(run), step);
  catalog.finishFiles(run);
  const auto good = newestGood(catalog, run, impl->warnings, step);
  const auto found = checkData(impl->run.spec, good, events, /*accept=*/false, options.progress);
  goOnFrom(*impl, catalog, good, events);
  impl->options.acceptOtherData = found.changed;
  impl->options.onlyAt = step;
  return std::unique_ptr<Job>(new Job(std::move(impl)));
}

}  // namespace cairn::training
