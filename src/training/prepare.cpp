// How a job comes to be: a new run, an old one that goes on, or a branch.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include <fmt/format.h>

#include "core/error.h"
#include "core/text.h"
#include "storage/checkpoint_files.h"
#include "training/job.h"
#include "training/job_impl.h"

namespace cairn::training {

namespace {

using storage::Catalog;

constexpr const char* kBranchedEvent = "branched";
constexpr const char* kTrainLongerEvent = "train_longer";
constexpr const char* kLrEvent = "lr";

/// Takes the run's lock: whoever holds it is the one who trains it, and it falls with the process.
std::unique_ptr<storage::FileLock> takeLock(Catalog& catalog, const std::string& id, const std::string& name) {
  catalog.files().makeFolders(catalog.home().runFolder(id));
  auto lock = catalog.files().tryLock(catalog.home().runLock(id));
  if (!lock) throw Error("run " + name, "another process is training it", "pause or stop it there, or wait for it to end");
  return lock;
}

std::string nameFromData(const core::DataSpec& data) {
  const auto path = std::visit(
      [](const auto& source) -> std::string {
        if constexpr (requires { source.images; }) return source.images;
        else return source.path;
      },
      data.source);
  return std::filesystem::path(path).stem().string();
}

core::RunRecord newRecord(core::RunSpec spec) {
  if (spec.name.empty()) spec.name = nameFromData(spec.data);
  core::RunRecord run;
  run.id = core::newId();
  run.name = spec.name;
  run.createdAt = run.updatedAt = core::nowIso8601();
  run.spec = std::move(spec);
  return run;
}

/// Raises the limit as asked; false if nothing was asked for.
bool raiseLimit(core::RunRecord& run, const ResumeOptions& options) {
  auto& training = run.spec.training;
  if (!options.epochs && !options.steps) return false;
  if (options.epochs && options.steps) throw Error::invalid("epochs, steps", "both were given", "give one of them");
  const auto limit = options.epochs ? *options.epochs : *options.steps;
  const auto& before = options.epochs ? training.epochs : training.steps;
  const auto reached = options.epochs ? run.epoch : run.step;
  if (limit < before.value_or(reached))
    throw Error::invalid(options.epochs ? "epochs" : "steps",
                         fmt::format("{} is below the run's {}", limit, before.value_or(reached)),
                         "the limit can only be raised; branch from an earlier checkpoint instead");
  training.epochs = options.epochs;
  training.steps = options.steps;
  return true;
}

struct GoodCheckpoint {
  core::CheckpointRecord record;
  std::shared_ptr<const core::StateTree> state;
};

/// The newest checkpoint that reads whole. One that does not is marked, said in `warnings`, and passed over.
std::optional<GoodCheckpoint> newestGood(Catalog& catalog, const std::string& run, std::vector<std::string>& warnings) {
  while (auto newest = catalog.newestReady(run)) {
    try {
      return GoodCheckpoint{*newest, storage::readCheckpoint(catalog.files(), *newest)};
    } catch (const Error& error) {
      const bool there = catalog.files().exists(newest->path);
      catalog.setCheckpointState(newest->id, there ? core::CheckpointState::Damaged : core::CheckpointState::Missing);
      warnings.push_back(fmt::format("the checkpoint of step {} cannot be used ({}); the one before it is taken",
                                     newest->step, error.what()));
    }
  }
  return {};
}

/// Live changes that the steps after `startStep` saw, to be made again while those are repeated.
std::vector<engine::ReplayedSetting> changesAfter(const std::vector<core::RunEvent>& events, std::int64_t startStep) {
  std::vector<engine::ReplayedSetting> changes;
  for (const auto& event : events)
    if (event.kind == kLrEvent && event.step > startStep)
      changes.push_back({event.step, nlohmann::json::parse(event.detail).at("lr").get<double>()});
  return changes;
}

bool optimizerWasReset(const std::vector<core::RunEvent>& events) {
  for (const auto& event : events)
    if (event.kind == kBranchedEvent) return nlohmann::json::parse(event.detail).value("reset_optimizer", false);
  return false;
}

std::string branchName(const core::RunRecord& parent, const core::RunSpec& spec) {
  for (const auto& [key, before, after] : core::differences(parent.spec, spec)) {
    if (key == "name") continue;
    const auto leaf = key.substr(key.rfind('.') + 1);
    return fmt::format("{} {} → {}", leaf, before.empty() ? "none" : before, after.empty() ? "none" : after);
  }
  return parent.name + " branch";
}

}  // namespace

std::unique_ptr<Job> Job::train(const storage::Home& home, core::RunSpec spec, std::optional<std::int64_t> maxSteps) {
  Catalog catalog(home, Catalog::Access::Write);
  auto impl = std::make_unique<Impl>(home);
  impl->run = newRecord(std::move(spec));
  impl->lock = takeLock(catalog, impl->run.id, impl->run.name);
  catalog.insertRun(impl->run);
  impl->options = {.spec = impl->run.spec, .runId = impl->run.id, .maxSteps = maxSteps};
  return std::unique_ptr<Job>(new Job(std::move(impl)));
}

std::unique_ptr<Job> Job::resume(const storage::Home& home, const std::string& run, const ResumeOptions& options) {
  Catalog catalog(home, Catalog::Access::Write);
  auto impl = std::make_unique<Impl>(home);
  impl->lock = takeLock(catalog, run, catalog.run(run).name);
  impl->run = catalog.run(run);
  const bool raised = raiseLimit(impl->run, options);
  if (impl->run.status == core::RunStatus::Completed && !raised) return nullptr;

  const auto events = catalog.events(run);
  impl->options = {.spec = impl->run.spec, .runId = run, .maxSteps = options.maxSteps};
  auto& session = impl->options;
  session.parentCheckpoint = impl->run.parentCheckpoint;
  if (auto good = newestGood(catalog, run, impl->warnings)) {
    session.from = good->state;
    impl->startStep = good->record.step;
  } else if (!impl->run.parentCheckpoint.empty()) {
    const auto parent = catalog.checkpoint(impl->run.parentCheckpoint);
    session.from = storage::readCheckpoint(catalog.files(), parent);
    session.branch = true;
    session.resetOptimizer = optimizerWasReset(events);
    impl->startStep = parent.step;
  }
  session.replay = changesAfter(events, impl->startStep);
  if (raised) {
    const auto& training = impl->run.spec.training;
    const auto detail = options.epochs ? nlohmann::json{{"epochs", *training.epochs}} : nlohmann::json{{"steps", *training.steps}};
    catalog.inTransaction([&] {
      catalog.setSpec(run, impl->run.spec);
      catalog.appendEvent(run, {impl->run.step + 1, kTrainLongerEvent, detail.dump(), core::nowIso8601()});
    });
  }
  return std::unique_ptr<Job>(new Job(std::move(impl)));
}

std::unique_ptr<Job> Job::branch(const storage::Home& home, const std::string& checkpoint, const BranchOptions& options) {
  Catalog catalog(home, Catalog::Access::Write);
  const auto parent = catalog.checkpoint(checkpoint);
  const auto parentRun = catalog.run(parent.run);
  auto state = storage::readCheckpoint(catalog.files(), parent);

  auto impl = std::make_unique<Impl>(home);
  auto spec = options.spec.value_or(parentRun.spec);
  spec.name = options.name.empty() ? branchName(parentRun, spec) : options.name;
  impl->run = newRecord(std::move(spec));
  impl->run.parentCheckpoint = parent.id;
  impl->run.parentStep = impl->run.step = parent.step;
  impl->run.parentRun = parent.run;
  impl->run.epoch = parent.epoch;
  impl->startStep = parent.step;
  impl->lock = takeLock(catalog, impl->run.id, impl->run.name);
  const nlohmann::json detail{{"checkpoint", parent.id}, {"reset_optimizer", options.resetOptimizer}};
  // Together: a resume asks the event whether the optimizer was reset.
  catalog.inTransaction([&] {
    catalog.insertRun(impl->run);
    catalog.appendEvent(impl->run.id, {parent.step + 1, kBranchedEvent, detail.dump(), core::nowIso8601()});
  });
  impl->options = {.spec = impl->run.spec,
                   .runId = impl->run.id,
                   .from = std::move(state),
                   .branch = true,
                   .resetOptimizer = options.resetOptimizer,
                   .maxSteps = options.maxSteps,
                   .parentCheckpoint = parent.id};
  return std::unique_ptr<Job>(new Job(std::move(impl)));
}

}  // namespace cairn::training
