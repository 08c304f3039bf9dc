// The small card beside the cross-hair or a mark: a title and rows of a coloured dot, a name and a value. GUI thread.
#pragma once

#include <QColor>
#include <QFont>
#include <QPainter>
#include <QRect>
#include <QString>
#include <vector>

namespace cairn::ui {

struct CardRow {
  QColor color;  ///< invalid: no dot
  QString name, value;
  bool star = false;
};

struct ValueCard {
  QString title;
  std::vector<CardRow> rows;
};

QSize cardSize(const ValueCard& card, const QFont& font);
void paintCardIn(QPainter& painter, const ValueCard& card, const QRect& box);  ///< of cardSize()
/// Beside `anchor`, kept within `bounds`.
void paintCard(QPainter& painter, const ValueCard& card, QPoint anchor, const QRect& bounds);

}  // namespace cairn::ui
