// How a job comes to be that makes a run: a new one, or a branch.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "core/error.h"
#include "core/event_kinds.h"
#include "core/text.h"
#include "storage/checkpoint_files.h"
#include "training/history.h"
#include "training/job.h"
#include "training/job_impl.h"

namespace cairn::training {

namespace {

using storage::Catalog;

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

std::unique_ptr<Job> Job::branch(const storage::Home& home, const std::string& checkpoint,
                                 const BranchOptions& options) {
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
  nlohmann::json detail{{"checkpoint", parent.id}, {"reset_optimizer", options.resetOptimizer}};
  if (options.lr) detail["lr"] = *options.lr;
  // Together: a resume asks the event how the branch began, and nothing prunes a branch's parent. Whoever trains the
  // parent may have pruned it while it was read.
  catalog.inTransaction([&] {
    if (const auto now = catalog.checkpoint(parent.id).state; now != core::CheckpointState::Ready)
      throw Error("checkpoint " + parent.id, fmt::format("it is {} by now", core::toText(now)), "branch from another");
    catalog.insertRun(impl->run);
    catalog.appendEvent(impl->run.id, {parent.step + 1, core::kBranchedEvent, detail.dump(), core::nowIso8601()});
  });
  impl->options = {.spec = impl->run.spec,
                   .runId = impl->run.id,
                   .from = std::move(state),
                   .branch = true,
                   .resetOptimizer = options.resetOptimizer,
                   .lr = options.lr,
                   .maxSteps = options.maxSteps,
                   .parentCheckpoint = parent.id};
  return std::unique_ptr<Job>(new Job(std::move(impl)));
}

}  // namespace cairn::training
