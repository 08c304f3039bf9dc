// Start-up repair, by a process that is about to write. Touches only runs whose lock it can take.
#pragma once

#include "core/progress.h"
#include "storage/catalog.h"

namespace cairn::storage {

/// Finishes half-done deletes, removes our own temp files, checks the files of runs that were marked running (they
/// become interrupted), adopts whole files that have no row, sets anything else aside, empties expired trash. What it
/// did is recorded; a repair that found nothing leaves no record. Blocks.
RecoveryReport repair(Catalog& catalog, const core::Progress& progress = {});

/// Whether a checkpoint should have its file in its place: what verifying reads.
bool expectsFile(const core::CheckpointRecord& checkpoint);

/// Reads every file of `checkpoints` whole and sets their rows' state (ready, damaged, missing) and verified_at.
/// Returns the ids that are bad. Blocks.
std::vector<std::string> verify(Catalog& catalog, const std::vector<core::CheckpointRecord>& checkpoints,
                                const core::Progress& progress = {});

}  // namespace cairn::storage
