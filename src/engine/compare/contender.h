// One of the compared checkpoints as a model in use: takes the shared samples in the form that it was trained on, and
// tells its answers in the shared data's classes. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/compare/shared_data.h"
#include "engine/models/load_state.h"
#include "engine/models/model.h"
#include "engine/torch_pch.h"

namespace cairn::engine {

class Contender {
 public:
  /// Everything outlives it. What keeps it from this data is its problem(), and no error.
  Contender(const core::StateTree& checkpoint, const CheckpointInfo& info, const SharedData& shared,
            torch::Device device);

  const std::string& problem() const { return problem_; }
  /// Logits or values in its own order of classes or targets, for samples of the shared data; in eval mode.
  torch::Tensor forward(std::span<const std::int64_t> samples);
  /// What is right, as its loss takes it; none if it lacks a class that one of the samples has.
  std::optional<torch::Tensor> targets(std::span<const std::int64_t> samples) const;
  torch::Tensor inputs(std::span<const std::int64_t> samples) const;

  Model& model() { return *model_; }
  /// The model's state by its own names, whatever the file calls them.
  StateEntries entries() const;
  const Normalization& normalization() const { return normalization_; }
  void setNormalization(Normalization normalization) { normalization_ = std::move(normalization); }

  /// For each of its own classes or targets: which of the shared ones it is; a class that the data does not have: its
  /// number among the extra ones, counted from the data's. Filled where there is no problem.
  const std::vector<std::int64_t>& sharedIndex() const { return sharedIndex_; }
  /// `extra` are the classes beyond the data's that contenders have, grown as needed.
  void matchClasses(std::vector<std::string>& extra);

 private:
  std::string findProblem();
  std::string matchColumns();
  std::string matchTargets();
  void load(const core::StateTree& checkpoint);

  const CheckpointInfo& info_;
  const SharedData& shared_;
  torch::Device device_;
  Normalization normalization_;
  std::vector<std::size_t> columns_;  ///< csv: for each of its features, the data's column
  std::vector<std::int64_t> sharedIndex_;
  std::vector<std::int64_t> ownIndex_;  ///< for each of the data's classes or targets: its own; -1: it has none
  std::shared_ptr<Model> model_;
  std::string problem_;
};

}  // namespace cairn::engine
