// What comparing checkpoints asks of the engine: predictions, the loss between two of them, and their mean. Plain
// values; torch-free.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/predictions.h"
#include "core/records.h"
#include "core/state_tree.h"

namespace cairn::engine {

struct ComparedFile {
  std::shared_ptr<const core::StateTree>
      tree;            ///< of the checkpoint's file; only averaging looks at its optimizer's state
  core::RunSpec spec;  ///< of its run: where the data lies now
};
using ComparedFiles = std::vector<ComparedFile>;  ///< A first; messages call them A, B, C and D

struct PredictionOptions {
  std::optional<std::size_t> dataOf;  ///< whose validation data; absent: the first that has some
  std::int64_t samples = 100;         ///< how many of the most different are shown
  std::int64_t textSamples = 12;      ///< the same of text, where each is written on by every model
};

struct PathOptions {
  std::size_t from = 0, to = 1;                         ///< which of the checkpoints are its ends
  int points = 21;                                      ///< both ends among them; 2 to 1001
  std::optional<std::size_t> dataOf;                    ///< as above
  std::function<void(const core::PathPoint&)> onPoint;  ///< as each is done, on the working thread
};

/// The first checkpoint of the run that averaging makes; nothing is stored yet.
struct AveragedCheckpoint {
  core::CheckpointRecord record;  ///< id, run, step, epoch, kind, roles, metrics, parents, createdAt are set
  std::shared_ptr<const core::StateTree> state;
  core::RunSpec spec;              ///< the run's: of the checkpoint `base`
  std::size_t base = 0;            ///< which one it goes on from in all but weights: the one of most steps
  std::int64_t totalSteps = 0;     ///< of the run
  std::vector<std::string> notes;  ///< what was done, for a person
};

}  // namespace cairn::engine
