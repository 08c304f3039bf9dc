// What a walk along the line between two checkpoints tells, as a sentence. Pure function.
#pragma once

#include <QString>

#include "core/predictions.h"

namespace cairn::ui {

/// `from` and `to` as the page calls the ends: "A".
QString pathVerdict(const core::LossPath& path, const QString& from, const QString& to);

}  // namespace cairn::ui
