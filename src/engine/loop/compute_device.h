// Where a run computes: the device that a spec names, and how many threads. On the training thread.
#pragma once

#include <string>

#include "core/progress.h"
#include "engine/loop/learner.h"

namespace cairn::engine {

/// "auto" takes the first GPU, or the CPU. Throws Error of kind Invalid for a device that is not there.
torch::Device chooseDevice(const std::string& name);

/// Sets the threads of LibTorch and of the BLAS for work that this thread starts.
void useThreads(int threads);

/// The count that trains fastest: a few forward and backward passes with each candidate. Leaves the learner as it was,
/// its generators and buffers too, and this thread with the count chosen. Throws Error of kind Cancelled.
int fastestThreads(Learner& learner, const core::Progress& progress);

}  // namespace cairn::engine
