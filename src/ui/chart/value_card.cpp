#include "ui/chart/value_card.h"

#include <QFontMetrics>
#include <algorithm>

#include "ui/theme.h"
#include "ui/timeline/mark_painter.h"

namespace cairn::ui {

namespace {
constexpr int kPadding = 9;
constexpr int kDot = 12;
constexpr int kGap = 14;
constexpr int kStar = 14;

int lineHeight(const QFontMetrics& metrics) { return metrics.height() + 3; }
int indentOf(const ValueCard& card) {
  return std::any_of(card.rows.begin(), card.rows.end(), [](const auto& row) { return row.color.isValid(); }) ? kDot : 0;
}
int starRoom(const ValueCard& card) {
  return std::any_of(card.rows.begin(), card.rows.end(), [](const auto& row) { return row.star; }) ? kStar : 0;
}
}  // namespace

QSize cardSize(const ValueCard& card, const QFont& font) {
  const QFontMetrics metrics(font);
  int names = 0, values = 0;
  for (const auto& row : card.rows) {
    names = std::max(names, metrics.horizontalAdvance(row.name));
    values = std::max(values, metrics.horizontalAdvance(row.value));
  }
  const int inner = std::max(metrics.horizontalAdvance(card.title), indentOf(card) + names + kGap + values + starRoom(card));
  return {inner + 2 * kPadding, lineHeight(metrics) * static_cast<int>(card.rows.size() + 1) + 2 * kPadding - 3};
}

void paintCard(QPainter& painter, const ValueCard& card, QPoint anchor, const QRect& bounds) {
  QRect box(anchor + QPoint(12, 12), cardSize(card, painter.font()));
  if (box.right() > bounds.right()) box.moveRight(anchor.x() - 12);
  if (box.bottom() > bounds.bottom()) box.moveBottom(std::max(bounds.top() + box.height(), bounds.bottom()));
  if (box.left() < bounds.left()) box.moveLeft(bounds.left());
  paintCardIn(painter, card, box);
}

void paintCardIn(QPainter& painter, const ValueCard& card, const QRect& box) {
  const auto& colors = Theme::instance().colors();
  const QFontMetrics metrics(painter.font());
  const int line = lineHeight(metrics), indent = indentOf(card), stars = starRoom(card);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(colors.border);
  painter.setBrush(colors.panel);
  painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
  const QRect text = box.adjusted(kPadding, kPadding, -kPadding, -kPadding);
  painter.setPen(colors.mutedText);
  painter.drawText(text.left(), text.top() + metrics.ascent(), card.title);
  int top = text.top() + line;
  for (const auto& row : card.rows) {
    const int baseline = top + metrics.ascent();
    if (row.color.isValid()) {
      painter.setPen(Qt::NoPen);
      painter.setBrush(row.color);
      painter.drawEllipse(QPointF(text.left() + 3.5, top + metrics.height() / 2.0), 3.5, 3.5);
    }
    painter.setPen(colors.text);
    painter.drawText(text.left() + indent, baseline, row.name);
    const int valueRight = text.right() + 1 - stars;
    painter.drawText(valueRight - metrics.horizontalAdvance(row.value), baseline, row.value);
    if (row.star) paintStar(painter, QPointF(valueRight + kStar - 5, top + metrics.height() / 2.0), 5, colors.star);
    top += line;
  }
  painter.restore();
}

}  // namespace cairn::ui
