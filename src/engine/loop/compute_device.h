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

/// The count that the checkpoint of a comparison was trained with, for work that this thread starts, until it goes out of
/// scope: the same last bits as on record. Leaves alone what other threads have: a run may train beside it.
class OwnThreads {
 public:
  explicit OwnThreads(std::int64_t threads);  ///< 0 and what the machine does not have: as it is
  ~OwnThreads();
  OwnThreads(const OwnThreads&) = delete;
  OwnThreads& operator=(const OwnThreads&) = delete;

 private:
  int before_;
};

/// The count that trains fastest: a few forward and backward passes with each candidate. Leaves the learner as it was,
/// its generators and buffers too, and this thread with the count chosen. Throws Error of kind Cancelled.
int fastestThreads(Learner& learner, const core::Progress& progress);

}  // namespace cairn::engine
