// How a run comes to be: its lock and its row. Private to src/training; thread rule as the catalog's.
#pragma once

#include <memory>
#include <string>

#include "core/records.h"
#include "storage/catalog.h"

namespace cairn::training {

/// Takes the run's lock: whoever holds it is the one who trains it, and it falls with the process. Throws Error if
/// another process has it.
std::unique_ptr<storage::FileLock> takeLock(storage::Catalog& catalog, const std::string& id, const std::string& name);

/// A queued run, from step 0, named by its data if the spec has no name. Nothing is stored.
core::RunRecord newRecord(core::RunSpec spec);

}  // namespace cairn::training
