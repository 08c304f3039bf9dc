// Which dropped files are data to train on, by their names: tables, texts and IDX images. Pure functions but for
// looking whether a file is there.
#pragma once

#include <QStringList>
#include <optional>

#include "core/run_spec.h"

namespace cairn::ui {

bool isDataFile(const QString& path);
/// What a new run would read: of several files the training images, else the first; labels lead to their images.
std::optional<core::DataSpec> dataOf(const QStringList& paths);

}  // namespace cairn::ui
