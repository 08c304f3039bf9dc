// A contender's loss and accuracy on the shared samples, batch by batch as training's own validation. One thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/compare/contender.h"
#include "engine/loop/counters.h"

namespace cairn::engine {

struct Score {
  std::optional<double> loss, accuracy;
};

/// Adds up a contender's loss and right answers; both outlive it.
class Scorer {
 public:
  Scorer(Contender& contender, const SharedData& shared) : contender_(contender), shared_(shared) {}
  /// The model's output for a batch, after it is counted.
  torch::Tensor add(std::span<const std::int64_t> batch);
  Score score() const { return {whole_ ? loss_.mean() : std::nullopt, accuracy_.mean()}; }

 private:
  Contender& contender_;
  const SharedData& shared_;
  Meter loss_, accuracy_;
  bool whole_ = true;  ///< it has a class for every sample so far
};

/// Calls `work` with batch after batch of the shared samples; tells progress in samples as `phase`. Throws Error of
/// kind Cancelled. Blocks.
void inBatches(const SharedData& shared, const std::string& phase, const core::Progress& progress,
               const std::function<void(std::span<const std::int64_t> batch)>& work);
Score evaluate(Contender& contender, const SharedData& shared, const std::string& phase,
               const core::Progress& progress);

/// The predicted class of each row of logits (text: of each position), in the shared data's classes and the extra ones.
std::vector<std::int32_t> predictedClasses(const Contender& contender, const torch::Tensor& output);

/// The recorded thread count of a checkpoint; 0 if it says none.
std::int64_t threadsOf(const core::StateTree& checkpoint);
/// Where `spec` wants to compute, or the CPU where that is not.
torch::Device deviceFor(const core::RunSpec& spec);

}  // namespace cairn::engine
