// What bringing a PyTorch file into Cairn would do, worked out before anything is done: for a person to accept.
// Plain values; torch-free.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/records.h"
#include "core/run_spec.h"
#include "core/state_tree.h"

namespace cairn::engine {

struct ImportRequest {
  std::shared_ptr<const core::StateTree> file;  ///< as storage::readForeignFile gives it
  core::RunSpec spec;                           ///< what to go on training; the file's settings win over it
  bool inOrder = true;       ///< the file lists its tensors as the module does (safetensors files do not)
  bool weightsOnly = false;  ///< take the weights alone, as for fine-tuning
};

/// One tensor of the file, of the model, or of both.
struct ImportRow {
  enum class How {
    Name,     ///< the same name, or the same behind a prefix ("module.")
    Order,    ///< other names: the same place among those of its kind and shape
    Tied,     ///< the file's second name for a tensor that another row has
    Missing,  ///< the model has it, and the file has none for it
    Unused,   ///< the file has it, and the model has no place for it
  };
  std::string fileName;   ///< "" if Missing
  std::string modelName;  ///< "" if Unused; of a Tied one, the model's name of what it is tied to
  std::vector<std::int64_t> fileShape, modelShape;  ///< empty where there is none (and of a 0-dim tensor)
  std::string dtype;                                ///< of the file's tensor, as PyTorch spells it: "float32"
  How how = How::Name;
  std::string problem;  ///< "" if it fits; else what does not, for a person
};

struct ImportPlan {
  std::vector<ImportRow> rows;        ///< in the file's order, then what is missing
  bool renamed = false;               ///< some names differ: the run's checkpoints will bear the file's
  std::vector<std::string> notes;     ///< what is taken from the file, where it wins over the spec, what it lacks
  std::vector<std::string> problems;  ///< why it cannot be imported, row by row and all else; empty: it can
  core::RunSpec spec;                 ///< the run's, with the file's settings
  std::int64_t epoch = 0, step = 0;   ///< where it goes on; step = epoch x stepsPerEpoch if the file has no steps
  std::int64_t stepsPerEpoch = 0;
  double lr = 0;  ///< of the next step, warm-up not applied
  std::optional<double> loss;
  bool optimizerState = false, schedulerState = false, randomState = false;  ///< what the file has and will be used
};

/// The first checkpoint of the run that an import makes; nothing is stored yet.
struct ImportedCheckpoint {
  ImportPlan plan;
  core::CheckpointRecord record;  ///< id, run, step, epoch, kind, roles, loss, metrics, createdAt are set
  std::shared_ptr<const core::StateTree> state;
  std::int64_t totalSteps = 0;  ///< of the run
};

}  // namespace cairn::engine
