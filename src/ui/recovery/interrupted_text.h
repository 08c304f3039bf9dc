// What a run that stopped unexpectedly has lost, in words. Pure functions.
#pragma once

#include <QString>

#include "core/records.h"

namespace cairn::ui {

/// "stopped unexpectedly 3 min ago at step 4,212. Its last checkpoint is step 4,200, 1.4 s of training earlier; resuming
/// repeats those 12 steps exactly." `newest` is its newest good checkpoint, or null; `secondsLost` < 0: not known.
QString interruptedText(const core::RunRecord& run, const core::CheckpointRecord* newest, double secondsLost);

}  // namespace cairn::ui
