// What befell a run, as the timeline tells it: a sign and a sentence. Pure functions; GUI thread for translations.
#pragma once

#include <QColor>
#include <QPainter>
#include <QPointF>
#include <QString>

#include "core/records.h"

namespace cairn::ui {

/// In the order of weight: of several in one place the last is shown.
enum class EventSign {
  Change,     ///< of a setting while it trained: lr, limit, data
  Ended,      ///< early stopping
  Recovered,  ///< it went on after a stop or crash
  Crashed,    ///< it stopped unexpectedly
  Failed,
};

/// Whether it has a sign of its own: where a branch begins is to be seen already.
bool isShown(const core::RunEvent& event);
EventSign signOf(const core::RunEvent& event);
QString wordsOf(const core::RunEvent& event);
void paintEventSign(QPainter& painter, EventSign sign, QPointF center, const QColor& background);

}  // namespace cairn::ui
