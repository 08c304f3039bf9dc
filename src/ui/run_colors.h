// Which colour a run bears everywhere in the window.
#pragma once

#include <QColor>
#include <string>

#include "ui/home_snapshot.h"

namespace cairn::ui {

/// By the run's place in the home (oldest first), so that it keeps its colour.
QColor colorOfRun(const HomeSnapshot& snapshot, const std::string& run);

}  // namespace cairn::ui
