// The timeline's lanes and marks from what the home holds. Pure function of its arguments. GUI thread.
#pragma once

#include <string>
#include <vector>

#include "ui/chart/value_card.h"
#include "ui/home_snapshot.h"
#include "ui/timeline/timeline_layout.h"
#include "ui/x_axis.h"

namespace cairn::ui {

class SeriesStore;

/// A run's branches follow it, each in a lane of its own.
std::vector<TimelineLane> timelineLanes(const HomeSnapshot& home, const SeriesStore& store,
                                        const std::vector<std::string>& runs, XAxis::Unit unit);
/// The newest step known of a run: by its record or by its live points.
std::int64_t newestStep(const core::RunRecord& run, const SeriesStore& store);
/// What a mark's card says; `others` gather in the same place.
ValueCard checkpointCard(const HomeSnapshot& home, const core::CheckpointRecord& checkpoint, std::size_t others);

}  // namespace cairn::ui
