// The chart as it stands, with the names of its curves above it, as a file's
// bytes. GUI thread.
#pragma once

#include <QByteArray>
#include <QString>

#include "ui/chart/chart_scene.h"

class QCustomPlot;

namespace cairn::ui {

enum class PictureFormat { Png, Pdf, Svg };

/// `title`: what is drawn, "loss". A PNG has twice the pixels of the screen's;
/// PDF and SVG are drawn as lines.
QByteArray chartPicture(QCustomPlot& plot, const ChartScene& scene, const QString& title, PictureFormat format);

}  // namespace cairn::ui
