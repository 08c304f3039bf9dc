// How curves of several runs are laid over each other: which x each counts from. Pure functions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ui/home_snapshot.h"

namespace cairn::ui {

enum class Alignment { Step, Epoch, Time, BranchPoint };

/// Of each of `runs`, the step that stands at 0 when they are aligned at the branch point: where a branch left its
/// parent, and where the first of them leaves a run from step 0. An ancestor that is drawn for its branch alone counts
/// as the branch does.
std::map<std::string, std::int64_t> branchPoints(const HomeSnapshot& home, const std::vector<std::string>& runs);

}  // namespace cairn::ui
