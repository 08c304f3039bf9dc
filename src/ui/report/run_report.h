// All that a report of one run tells, read once. Values; free functions, any
// thread.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/progress.h"
#include "core/records.h"
#include "core/series.h"
#include "storage/home.h"
#include "storage/metric_chunk.h"

namespace cairn::ui {

struct RunReport {
  core::RunRecord run;
  std::string parentName;                           ///< of the run that it branched from; "" without
  std::vector<std::string> meanOf;                  ///< "digits at step 3,100": what an average began as the mean of
  std::vector<core::CheckpointRecord> checkpoints;  ///< oldest first
  std::vector<core::RunEvent> events;
  std::map<core::Series, storage::SeriesData> series;            ///< with the parents' part
  std::vector<std::pair<std::string, std::string>> environment;  ///< name, value: what it trained in
  double seconds = 0;                                            ///< of training, as its newest metric says
};

/// Over a connection of its own; reads no checkpoint whole, only the newest
/// one's directory. Throws Error. Blocks.
RunReport readRunReport(const storage::Home& home, const std::string& run, const core::Progress& progress);

}  // namespace cairn::ui
