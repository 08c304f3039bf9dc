// How a run comes to be: its lock, its row and, where it begins with a checkpoint that was made, that. Private to
// src/training; thread rule as the catalog's.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/records.h"
#include "core/state_tree.h"
#include "storage/catalog.h"

namespace cairn::training {

/// Takes the run's lock: whoever holds it is the one who trains it, and it falls with the process. Throws Error if
/// another process has it.
std::unique_ptr<storage::FileLock> takeLock(storage::Catalog& catalog, const std::string& id, const std::string& name);

/// A queued run, from step 0, named by its data if the spec has no name. Nothing is stored.
core::RunRecord newRecord(core::RunSpec spec);
/// `run`, paused at its `first` checkpoint.
core::RunRecord pausedAt(const core::CheckpointRecord& first, std::int64_t totalSteps, core::RunRecord run);

/// Writes the file that `record` will name, and takes over what it came to. Blocks.
void writeFileOf(storage::Catalog& catalog, core::CheckpointRecord& record, const core::StateTree& state);
/// Stores a run and its `first` checkpoint, and what `alsoStore` does with them, or nothing of it. Blocks.
void storeNewRun(storage::Catalog& catalog, const core::RunRecord& run, core::CheckpointRecord& first,
                 const core::StateTree& state, const std::function<void()>& alsoStore = {});

}  // namespace cairn::training
