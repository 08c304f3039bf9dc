// Brings what checkpoint files know into a catalog that does not, and what is gone out of it. Private to src/storage;
// thread rule as the catalog's.
#pragma once

#include <vector>

#include "storage/catalog.h"
#include "storage/rebuild.h"
#include "storage/rebuild_files.h"

namespace cairn::storage {

/// Moves files from the trash to their place, then adds runs, checkpoints and events in one transaction, marks rows
/// whose file is gone, and writes into `report` what that came to and what could not be brought back. Blocks.
void bringIn(Catalog& catalog, const std::vector<FileFacts>& facts, RebuildReport& report);

}  // namespace cairn::storage
