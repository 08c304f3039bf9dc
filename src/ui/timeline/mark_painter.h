// The shapes of checkpoints, drawn rather than written: crisp at any scale and the same on every machine. GUI thread.
#pragma once

#include <QColor>
#include <QPainter>
#include <QPointF>

namespace cairn::ui {

enum class MarkShape {
  Dot,      ///< periodic, manual
  Ringed,   ///< recreated
  Hollow,   ///< pruned
  Crossed,  ///< missing or damaged
  Square,   ///< final
  Diamond,  ///< imported
  Twin,     ///< averaged: two that overlap
};

void paintStar(QPainter& painter, QPointF center, double radius, const QColor& color);
void paintFlag(QPainter& painter, QPointF foot, double height, const QColor& color);
void paintPin(QPainter& painter, QPointF foot, double height, const QColor& color);
void paintMark(QPainter& painter, MarkShape shape, QPointF center, double radius, const QColor& color,
               const QColor& background);

}  // namespace cairn::ui
