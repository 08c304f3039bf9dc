// Brings a PyTorch file into Cairn: what it would become, and the first checkpoint of the run that goes on from it.
// Free functions; any thread.
#pragma once

#include <string>

#include "core/progress.h"
#include "engine/face/import_plan.h"

namespace cairn::engine {

/// Reads the data and builds the model to see what fits. Throws Error if the file has no weights, or the spec or its
/// data are wrong; what does not fit is told in the plan. Blocks.
ImportPlan planImportOf(const ImportRequest& request, const core::Progress& progress);

/// Throws Error, naming each thing, if the plan has problems. Blocks.
ImportedCheckpoint importFile(const ImportRequest& request, const std::string& runId, const core::Progress& progress);

}  // namespace cairn::engine
