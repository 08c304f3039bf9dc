#include "ui/calm_style.h"

#include <QPainter>
#include <QStyleOption>
#include <algorithm>

#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr double kSide = 13, kRadius = 3;  // pixels

QRectF squareIn(const QRectF& room) {
  const double side = std::min({kSide, room.width() - 1, room.height() - 1});
  QRectF square(0, 0, side, side);
  square.moveCenter(room.center());
  return square;
}

void paintTick(QPainter& painter, const QRectF& box, const QColor& color) {
  const auto at = [&box](double x, double y) { return QPointF(box.left() + x * box.width(), box.top() + y * box.height()); };
  painter.setPen(QPen(color, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  painter.drawPolyline(QPolygonF({at(0.24, 0.53), at(0.43, 0.72), at(0.77, 0.3)}));
}

/// The pen and brush of an indicator's outline.
void dress(QPainter& painter, const QStyleOption& option, bool filled) {
  const auto& colors = Theme::instance().colors();
  const bool enabled = option.state & QStyle::State_Enabled;
  const bool looked = option.state & (QStyle::State_HasFocus | QStyle::State_MouseOver);
  const auto strong = enabled ? colors.accent : colors.neutral;
  const auto outline = enabled ? (looked ? colors.accent : colors.mutedText) : colors.border;
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(filled ? strong : outline, 1.3));
  painter.setBrush(filled ? strong : enabled ? colors.panel : colors.window);
}

void paintCheckBox(QPainter& painter, const QStyleOption& option) {
  const bool on = option.state & QStyle::State_On, partly = option.state & QStyle::State_NoChange;
  const auto box = squareIn(option.rect);
  const auto inside = Theme::instance().colors().accentText;
  dress(painter, option, on || partly);
  painter.drawRoundedRect(box, kRadius, kRadius);
  if (partly) {
    painter.setPen(QPen(inside, 1.8, Qt::SolidLine, Qt::RoundCap));
    const double inset = box.width() * 0.28;
    painter.drawLine(QPointF(box.left() + inset, box.center().y()), QPointF(box.right() - inset, box.center().y()));
  } else if (on) {
    paintTick(painter, box, inside);
  }
}

void paintRadioButton(QPainter& painter, const QStyleOption& option) {
  const bool on = option.state & QStyle::State_On;
  const auto box = squareIn(option.rect);
  dress(painter, option, on);
  painter.drawEllipse(box);
  if (!on) return;
  painter.setPen(Qt::NoPen);
  painter.setBrush(Theme::instance().colors().accentText);
  painter.drawEllipse(box.center(), box.width() * 0.2, box.width() * 0.2);
}

}  // namespace

CalmStyle::CalmStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

void CalmStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const {
  const bool check = element == PE_IndicatorCheckBox || element == PE_IndicatorItemViewItemCheck;
  if (!check && element != PE_IndicatorRadioButton) return QProxyStyle::drawPrimitive(element, option, painter, widget);
  painter->save();
  check ? paintCheckBox(*painter, *option) : paintRadioButton(*painter, *option);
  painter->restore();
}

}  // namespace cairn::ui
