// A job from start to end in a terminal: progress on stderr, signals that stop it with a checkpoint. Main thread.
#pragma once

#include <memory>
#include <optional>

#include "cli/context.h"
#include "cli/signals.h"
#include "core/records.h"
#include "training/job.h"

namespace cairn::cli {

struct JobEnding {
  core::SessionState state = core::SessionState::Stopped;
  bool bySignal = false;
  std::optional<core::ResumeCheck> check;        ///< of repeated steps, if there were any to compare
  std::optional<training::Recreated> recreated;  ///< of a job that makes a step again
};

/// Throws Error of kind Invalid unless the `option`'s count, if it was given, is at least 1.
void checkCount(const char* option, const std::optional<std::int64_t>& count);

/// Starts the job and waits for its end. The first signal stops it with a checkpoint, the second ends the process at
/// once. Throws the Error that it failed with.
JobEnding runJob(std::unique_ptr<training::Job> job, SignalWatch& signals);

/// Trains to the end, then prints the run. `resumed`: also tell what repeated steps showed.
void trainAndPrint(Context& context, std::unique_ptr<training::Job> job, SignalWatch& signals, bool resumed);
void printRun(Context& context, const std::string& id, const std::optional<core::ResumeCheck>& check = {});

}  // namespace cairn::cli
