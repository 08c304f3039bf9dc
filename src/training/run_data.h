// Where a run's data lies, and whether it is still what the run was trained on. Free functions, thread-safe.
#pragma once

#include <string>
#include <vector>

#include "core/error.h"
#include "core/progress.h"
#include "core/run_spec.h"
#include "core/state_tree.h"

namespace cairn::training {

/// `spec` with its files taken from `path`: from the folder of that name, each by its own name; or that file itself,
/// where the data is one file (beside it stands the validation file, if there is one). Throws Error of kind Invalid.
core::DataSpec movedTo(const core::DataSpec& spec, const std::string& path);

struct DataFound {
  bool changed = false;     ///< it is not what the checkpoint was trained on
  std::string fingerprint;  ///< of what is there; "" where there was nothing to compare it with
};
/// What is there, beside what `checkpoint` (null: none) was trained on. Throws Error of code kDataMissing if a file is
/// not there. Loads the engine. Blocks.
DataFound lookAtData(const core::DataSpec& spec, const core::StateTree* checkpoint, const core::Progress& progress);
/// Of code kDataChanged.
Error changedDataError(const core::DataSpec& spec);

/// Of the data that the checkpoint was trained on; "" if it does not say.
std::string dataFingerprintOf(const core::StateTree& checkpoint);

/// The files that `spec` names.
std::vector<std::string> dataFiles(const core::DataSpec& spec);

}  // namespace cairn::training
