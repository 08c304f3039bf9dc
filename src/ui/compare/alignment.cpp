#include "ui/compare/alignment.h"

#include <algorithm>

namespace cairn::ui {

namespace {

/// Where the line of `descendant` leaves `ancestor`; -1 if it does not come from it.
std::int64_t leaves(const HomeSnapshot& home, const core::RunRecord& descendant, const std::string& ancestor) {
  std::int64_t last = -1;
  for (const auto* run = &descendant; run && !run->parentRun.empty(); run = home.run(run->parentRun)) {
    last = last < 0 ? run->parentStep : std::min(last, run->parentStep);
    if (run->parentRun == ancestor) return last;
  }
  return -1;
}

}  // namespace

std::map<std::string, std::int64_t> branchPoints(const HomeSnapshot& home, const std::vector<std::string>& runs) {
  std::map<std::string, std::int64_t> points;
  for (const auto& id : runs) {
    const auto* run = home.run(id);
    if (!run) continue;
    auto& point = points[id];
    point = run->parentStep;
    if (!run->parentRun.empty()) continue;
    std::int64_t first = -1;
    for (const auto& other : runs) {
      const auto* record = home.run(other);
      const auto step = record ? leaves(home, *record, id) : -1;
      if (step >= 0) first = first < 0 ? step : std::min(first, step);
    }
    point = std::max<std::int64_t>(0, first);
  }
  return points;
}

}  // namespace cairn::ui
