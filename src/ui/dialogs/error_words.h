// What an error says, in words for a form, which shows elsewhere what the error is about. Any thread.
#pragma once

#include <QString>

#include "core/error.h"

namespace cairn::ui {

/// For the line at a field: "WHY; WHAT TO DO", after `Line 43, column "press": ` if a place in the field's file is told.
QString sentenceOf(const Error& error);
/// The same where no field is beside it: the place is told with the file's name, as in `sensors.csv, line 43: ...`.
QString sentenceWithFile(const Error& error);

}  // namespace cairn::ui
