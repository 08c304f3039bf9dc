// Which runs and checkpoints a filter lets through. A value; the GUI thread's.
#pragma once

#include <QString>
#include <memory>
#include <string>
#include <unordered_set>

#include "ui/filter/filter_terms.h"
#include "ui/home_snapshot.h"

namespace cairn::ui {

/// What of a home a filter lets through.
struct FilteredHome {
  bool all = true;  ///< nothing was asked for: the sets are empty
  std::unordered_set<std::string> runs, checkpoints;  ///< ids

  bool run(const std::string& id) const { return all || runs.contains(id); }
  bool checkpoint(const std::string& id) const { return all || checkpoints.contains(id); }
};
using FilteredHomePtr = std::shared_ptr<const FilteredHome>;

class HomeFilter {
 public:
  HomeFilter() = default;
  explicit HomeFilter(const QString& text) : parsed_(parseFilter(text)) {}

  bool empty() const { return parsed_.terms.empty(); }
  const std::optional<FilterProblem>& problem() const { return parsed_.problem; }

  bool matches(const core::RunRecord& run) const;
  /// Its own values come first; what it has none of are its run's.
  bool matches(const core::CheckpointRecord& checkpoint, const core::RunRecord& run) const;
  /// A run is let through for itself or for one of its checkpoints.
  FilteredHome applied(const HomeSnapshot& home) const;

 private:
  ParsedFilter parsed_;
};

}  // namespace cairn::ui
