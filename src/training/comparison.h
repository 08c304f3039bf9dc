// Compares checkpoints, all of it off the GUI thread: read once, then asked page by page. Torch-free; the engine is
// loaded only for predictions, paths and averages.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/comparison.h"
#include "core/predictions.h"
#include "core/progress.h"
#include "engine/face/comparison.h"
#include "storage/catalog.h"
#include "storage/home.h"

namespace cairn::training {

/// Two to four checkpoints, read and checked whole; of each the weights stay in memory, for the others' sake the rest
/// but the optimizer's state too. Immutable: any thread, also several at once. Each method Blocks, and throws Error; of
/// kind Cancelled once `progress` returns false.
class Comparison {
 public:
  /// `checkpoints` are ids; the same one may be there twice. Throws Error naming the file if one cannot be read.
  static std::shared_ptr<const Comparison> open(const storage::Home& home, const std::vector<std::string>& checkpoints,
                                                const core::Progress& progress = {});
  ~Comparison();

  const std::vector<core::Compared>& checkpoints() const;
  const core::ComparisonSummary& summary() const;
  core::WeightsComparison weights(const core::Progress& progress = {}) const;
  /// Of a tensor in weights().tensors, by its name there. 1 to 1000 bins.
  core::TensorDetail tensor(const std::string& name, int bins = 60) const;
  core::PredictionComparison predictions(const engine::PredictionOptions& options = {},
                                         const core::Progress& progress = {}) const;
  core::LossPath path(const engine::PathOptions& options = {}, const core::Progress& progress = {}) const;

 private:
  struct Impl;
  explicit Comparison(std::unique_ptr<Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

struct Averaged {
  core::RunRecord run;  ///< paused at its checkpoint
  core::CheckpointRecord checkpoint;
  std::vector<std::string> notes;  ///< what was done, for a person
};
/// What an average is named where nobody names it: "average of digits@3100, digits@5600".
std::string averageName(const std::vector<core::Compared>& of);
/// Makes a paused run whose first checkpoint is the mean of `checkpoints` (ids, two to four): BatchNorm statistics
/// anew, evaluated, durable, and catalogued with its parents. `name` "": averageName. When it throws nothing was
/// made.
Averaged averageCheckpoints(const storage::Home& home, const std::vector<std::string>& checkpoints,
                            const std::string& name = {}, const core::Progress& progress = {});

/// The weights page as CSV: a row a tensor and checkpoint but A.
std::string weightsCsv(const core::WeightsComparison& weights, const std::vector<std::string>& labels);

}  // namespace cairn::training
