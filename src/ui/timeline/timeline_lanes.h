// The timeline's lanes and marks from what the home holds. Pure function of its arguments. GUI thread.
#pragma once

#include <string>
#include <vector>

#include "ui/chart/value_card.h"
#include "ui/filter/home_filter.h"
#include "ui/home_snapshot.h"
#include "ui/timeline/timeline_layout.h"
#include "ui/x_axis.h"

namespace cairn::ui {

class SeriesStore;

/// What is to be seen of a home.
struct TimelineAsked {
  const std::vector<std::string>& runs;  ///< ids
  XAxis::Unit unit = XAxis::Unit::Step;
  const FilteredHome& filter;
  std::string selected;  ///< a checkpoint that stays whatever the filter says
};

/// A run's branches follow it, each in a lane of its own.
std::vector<TimelineLane> timelineLanes(const HomeSnapshot& home, const SeriesStore& store, const TimelineAsked& asked);
/// The newest step known of a run: by its record or by its live points.
std::int64_t newestStep(const core::RunRecord& run, const SeriesStore& store);
/// A checkpoint in one line: "step 3,100 · val 0.0412 · best".
QString checkpointLine(const core::CheckpointRecord& checkpoint);
/// What a sign's card says.
ValueCard eventCard(const TimelineLane& lane, const PlacedEvent& placed);
/// What a mark's card says; `others` are in the same place: `gathered` with it in a count, or hidden behind it.
ValueCard checkpointCard(const HomeSnapshot& home, const core::CheckpointRecord& checkpoint, std::size_t others, bool gathered = true);

}  // namespace cairn::ui
