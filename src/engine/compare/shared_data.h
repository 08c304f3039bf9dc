// The samples that checkpoints are compared on: the validation part of one of them. Torch-free but for what it loads
// with; any thread.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/predictions.h"
#include "core/progress.h"
#include "engine/checkpoint_info.h"
#include "engine/data/dataset.h"
#include "engine/face/comparison.h"

namespace cairn::engine {

struct SharedData {
  std::shared_ptr<const Dataset> data;    ///< csv: raw, not normalized
  std::span<const std::int64_t> samples;  ///< of `data`
  core::RunSpec spec;                     ///< of the run whose data it is
  std::int64_t batchSize = 1;             ///< evaluated at once
  core::EvaluationData about;

  bool isText() const { return about.format == "text"; }
  bool classifies() const { return data->task == core::Task::Classification; }
};

/// What each file says of its model. Throws Error naming which one cannot be used.
std::vector<CheckpointInfo> infosOf(const ComparedFiles& files);

/// `dataOf` absent: the first that has a validation part, else A, and its training part. Notes say of the others what a
/// person must know. Throws Error of kind Invalid if `dataOf` has none. Blocks.
SharedData loadSharedData(const ComparedFiles& files, const std::vector<CheckpointInfo>& infos,
                          std::optional<std::size_t> dataOf, const core::Progress& progress);

}  // namespace cairn::engine
