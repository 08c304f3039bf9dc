// Checkpoints as words name them: by run and step. Pure functions.
#pragma once

#include <QString>

#include "ui/home_snapshot.h"

namespace cairn::ui {

/// "digits @ 3,100", a long name cut; "a checkpoint that is not on record" for an unknown id.
QString checkpointName(const HomeSnapshot& home, const std::string& id);
/// Those that an averaged one is the mean of: a line each; "" for any other.
QString namesOfParents(const HomeSnapshot& home, const core::CheckpointRecord& checkpoint);

}  // namespace cairn::ui
