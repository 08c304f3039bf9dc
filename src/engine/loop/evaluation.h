// The model's loss and accuracy on the validation part. On the training thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "engine/loop/batcher.h"
#include "engine/loop/learner.h"

namespace cairn::engine {

struct Evaluation {
  double loss = 0;                 ///< mean over the samples
  std::optional<double> accuracy;  ///< classification
};

/// How many of `samples` are evaluated at once. Part of a run's definition, since sums over other batches differ in their
/// last bits.
std::int64_t evaluationBatch(const core::RunSpec& spec, std::int64_t samples);

class Evaluator {
 public:
  explicit Evaluator(const Learner& learner);

  /// Called between batches with the samples done and all; false breaks the evaluation off.
  using GoOn = std::function<bool(std::int64_t done, std::int64_t total)>;
  /// In eval mode and without gradients; the model is back in training mode after. Nothing if it was broken off.
  std::optional<Evaluation> run(Learner& learner, const GoOn& goOn);

 private:
  std::int64_t batchSize_;
  Batcher batcher_;
};

}  // namespace cairn::engine
