// The lines of Python that load a checkpoint file. Pure function.
#pragma once

#include <QString>

namespace cairn::ui {

/// For a file that Cairn wrote, on PyTorch 2.x.
QString pythonSnippet(const QString& path);

}  // namespace cairn::ui
