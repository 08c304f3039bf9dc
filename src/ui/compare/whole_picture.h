// A picture of a widget in which every table has room for all of its rows, also those that are scrolled out of sight.
// GUI thread.
#pragma once

#include <QImage>

class QWidget;

namespace cairn::ui {

/// Parts of a splitter stand beside each other at the heights that they need. What would be taller than a picture can
/// be is cut.
QImage wholePicture(QWidget& widget);

}  // namespace cairn::ui
