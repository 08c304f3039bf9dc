// The values behind curves as a CSV file: every point as it was measured. Any
// thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/series.h"
#include "storage/home.h"

namespace cairn::ui {

/// Columns: id,run,series,step,epoch,seconds,value; a branch's rows begin with
/// its parents' part, as its curve does. Written whole or not at all, over a
/// connection of its own. Throws Error naming the file. Blocks.
void writeCurvesCsv(const storage::Home& home, const std::vector<std::string>& runs,
                    const std::vector<core::Series>& series, const std::filesystem::path& file,
                    const core::Progress& progress);

}  // namespace cairn::ui
