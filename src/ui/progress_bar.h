// What a piece of work tells of itself, on a bar. GUI thread.
#pragma once

#include <QtGlobal>

class QProgressBar;

namespace cairn::ui {

/// `done` of `total` in whatever unit; `total` 0, where it is not known, shows that something is going on.
void showProgress(QProgressBar& bar, qint64 done, qint64 total);

}  // namespace cairn::ui
