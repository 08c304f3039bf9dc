// Which colour a run bears everywhere in the window.
#pragma once

#include <QColor>
#include <cstddef>
#include <string>

#include "ui/home_snapshot.h"

namespace cairn::ui {

/// As a person chose, else by the run's place in the home (oldest first), so that it keeps its colour.
QColor colorOfRun(const HomeSnapshot& snapshot, const std::string& run);
/// The same of a run whose place is known.
QColor colorOfRun(const core::RunRecord& run, std::size_t place);

}  // namespace cairn::ui
