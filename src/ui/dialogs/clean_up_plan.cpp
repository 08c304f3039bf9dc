#include "ui/dialogs/clean_up_plan.h"

#include "storage/catalog.h"

namespace cairn::ui {

namespace {

using storage::Catalog;

bool goesOn(const core::Progress& progress, const char* phase, std::size_t done, std::size_t total) {
  return !progress || progress(phase, static_cast<std::int64_t>(done), static_cast<std::int64_t>(total));
}

CleanUpOfRun planOf(Catalog& catalog, const core::RunRecord& run, const core::CheckpointSpec& policy) {
  CleanUpOfRun plan{.run = run.id, .name = run.name, .trains = run.status == core::RunStatus::Running, .leaving = {}};
  plan.readyBytes = run.checkpointBytes;
  for (const auto& checkpoint : catalog.checkpoints(run.id)) plan.ready += checkpoint.state == core::CheckpointState::Ready;
  if (plan.trains) return plan;
  plan.leaving = catalog.prunableBy(run.id, policy);
  for (const auto& checkpoint : plan.leaving) plan.leavingBytes += checkpoint.bytes;
  return plan;
}

}  // namespace

CleanUpPlan planCleanUp(const storage::Home& home, const std::string& run, std::int64_t keepLast, std::int64_t keepBest,
                        const core::Progress& progress) {
  Catalog catalog(home, Catalog::Access::Read);
  const auto runs = run.empty() ? catalog.runs() : std::vector{catalog.run(run)};
  CleanUpPlan plan;
  plan.policy.keepLast = keepLast;
  plan.policy.keepBest = keepBest;
  for (std::size_t i = 0; i < runs.size() && goesOn(progress, "Looking", i, runs.size()); ++i) {
    auto mine = planOf(catalog, runs[i], plan.policy);
    if (mine.ready == 0) continue;
    plan.ready += mine.ready;
    plan.readyBytes += mine.readyBytes;
    plan.leaving += static_cast<int>(mine.leaving.size());
    plan.leavingBytes += mine.leavingBytes;
    plan.runs.push_back(std::move(mine));
  }
  return plan;
}

std::int64_t cleanUp(const storage::Home& home, const CleanUpPlan& plan, const core::Progress& progress) {
  Catalog catalog(home, Catalog::Access::Write);
  std::int64_t freed = 0;
  for (std::size_t i = 0; i < plan.runs.size() && goesOn(progress, "Removing", i, plan.runs.size()); ++i) {
    const auto& mine = plan.runs[i];
    std::set<std::string> chosen;
    for (const auto& checkpoint : mine.leaving) chosen.insert(checkpoint.id);
    if (chosen.empty()) continue;
    for (const auto& gone : catalog.pruneByPolicy(mine.run, plan.policy, chosen)) freed += gone.bytes;
    catalog.finishFiles(mine.run);
  }
  return freed;
}

}  // namespace cairn::ui
