// Says in an exported picture which checkpoints its letters are. Pure function; GUI thread for the colours.
#pragma once

#include <QImage>

#include "ui/compare/compared.h"

namespace cairn::ui {

/// `page` below a line with each checkpoint's colour, letter and title; null stays null.
QImage withCaption(const QImage& page, const ComparedItems& items);

}  // namespace cairn::ui
