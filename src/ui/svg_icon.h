// An icon drawn from an SVG resource in one colour, at whatever size is asked for. GUI thread.
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>

namespace cairn::ui {

/// The file's "currentColor" becomes `color`; disabled, it is drawn faint.
QIcon svgIcon(const QString& file, const QColor& color);

}  // namespace cairn::ui
