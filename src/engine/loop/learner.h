// Everything that learns in a run, and what it learns from: the parts that make up a checkpoint. On the training
// thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/face/session.h"
#include "engine/loop/batcher.h"
#include "engine/loop/counters.h"
#include "engine/loop/sampler.h"
#include "engine/models/model.h"
#include "engine/optim/optimizer.h"
#include "engine/optim/scheduler.h"
#include "engine/torch_pch.h"

namespace cairn::engine {

struct Learner {
  core::RunSpec spec;
  std::string specText;  ///< spec as JSON, for its checkpoints
  std::shared_ptr<const PreparedData> prepared;
  torch::Device device{torch::kCPU};
  int threads = 1;
  torch::Generator initial;  ///< the session's own on the CPU: initial weights, and dropout there
  torch::Generator dropout;  ///< the same, or the device's
  std::shared_ptr<Model> model;
  std::vector<std::pair<std::string, torch::Tensor>> tensors;  ///< the model's state by name, as its files call it
  core::StateTree names;  ///< dict: a name in `tensors` -> the model's own, where some differ (imported); else None
  std::unique_ptr<Optimizer> optimizer;
  std::unique_ptr<Scheduler> scheduler;  ///< null: constant lr
  std::unique_ptr<Sampler> sampler;
  Counters counters;

  const Dataset& data() const { return prepared->data; }
  bool validates() const { return !data().validation.empty(); }
};

/// Reads the data, chooses the device, builds the model and takes up options.from. Threads are not chosen yet.
/// Throws Error naming the file or key. Blocks.
Learner makeLearner(const SessionOptions& options, const core::Progress& progress);

// The two halves of it, for who must look at the model and data before they know what to take up.
enum class Weights {
  Drawn,      ///< at random, by the seed
  ToBeLoaded  ///< unset: drawing 8 million takes as long as reading them
};

/// All but the optimizer and the schedule; at step 0.
Learner buildLearner(const core::RunSpec& spec, const core::Progress& progress, Weights weights = Weights::Drawn);
/// Those by learner.spec, and takes up options.from.
void equipLearner(Learner& learner, const SessionOptions& options);

/// Whether every weight and buffer is a number.
bool allFinite(const Learner& learner);

/// Steps that the run takes in all.
std::int64_t totalSteps(const Learner& learner);

}  // namespace cairn::engine
