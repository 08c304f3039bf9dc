// What the inspector tells of a run, as text. Pure functions; GUI thread for translations.
#pragma once

#include <QList>

#include "ui/app/live_run.h"
#include "ui/home_snapshot.h"
#include "ui/panels/fact_table.h"

namespace cairn::ui {

struct RunProgress {
  double part = 0;    ///< 0 to 1
  bool busy = false;  ///< how far is not known
  QString words;
};

RunProgress progressOf(const core::RunRecord& run, const LiveRun* live);
QList<Fact> valuesOf(const HomeSnapshot& snapshot, const core::RunRecord& run, const LiveRun* live);
QList<Fact> settingsOf(const core::RunRecord& run);

}  // namespace cairn::ui
