// What stands in a recorder's place while a step is made again: compares what is measured with the record, keeps the
// states of that step, and stores the one that the record knows.
#pragma once

#include <vector>

#include "core/events.h"
#include "storage/home.h"
#include "storage/repeated_steps.h"
#include "training/job.h"

namespace cairn::training {

/// Made, and asked to store(), by the job; events come on one thread in between.
class Recreation : public core::EventSink {
 public:
  /// Reads the record of `run` after `startStep`. `downstream` outlives it.
  Recreation(const storage::Home& home, core::RunRecord run, std::int64_t startStep, std::int64_t step,
             core::EventSink& downstream);

  void post(const core::Event& event) override;

  /// After the session has ended, having reached the step. The run's lock is held by the caller. Throws Error. Blocks.
  Recreated store();

 private:
  struct Match;
  void compare(const core::MetricsMeasured& measured);
  void end(core::SessionStateChanged change);
  Match match(storage::Catalog& catalog) const;
  const core::CheckpointTaken& usualState() const;
  Recreated bringBack(storage::Catalog& catalog, const Match& match) const;
  Recreated addNew(storage::Catalog& catalog, const core::CheckpointTaken& taken, std::optional<bool> sameState) const;

  storage::Home home_;
  core::RunRecord run_;
  std::int64_t step_;
  storage::RepeatedSteps repeats_;
  core::EventSink& downstream_;
  std::vector<std::string> changes_;           ///< of the machine
  std::vector<core::CheckpointTaken> states_;  ///< of the step, in the order in which the run had them
};

}  // namespace cairn::training
