#include "ui/timeline/mark_painter.h"

#include <QPainterPath>
#include <cmath>
#include <numbers>

namespace cairn::ui {

void paintStar(QPainter& painter, QPointF center, double radius, const QColor& color) {
  QPolygonF star;
  for (int i = 0; i < 10; ++i) {
    const double angle = std::numbers::pi * (i / 5.0 - 0.5);
    const double reach = i % 2 == 0 ? radius : radius * 0.45;
    star.append(center + QPointF(std::cos(angle), std::sin(angle)) * reach);
  }
  painter.setPen(Qt::NoPen);
  painter.setBrush(color);
  painter.drawPolygon(star);
}

void paintFlag(QPainter& painter, QPointF foot, double height, const QColor& color) {
  painter.setPen(QPen(color, 1.4));
  painter.drawLine(foot, foot - QPointF(0, height));
  painter.setPen(Qt::NoPen);
  painter.setBrush(color);
  const auto top = foot - QPointF(0, height);
  painter.drawPolygon(QPolygonF({top, top + QPointF(height * 0.62, height * 0.24), top + QPointF(0, height * 0.5)}));
}

void paintPin(QPainter& painter, QPointF foot, double height, const QColor& color) {
  const double radius = height * 0.34;
  const auto head = foot - QPointF(0, height - radius);
  painter.setPen(QPen(color, 1.4));
  painter.drawLine(foot, head);
  painter.setPen(Qt::NoPen);
  painter.setBrush(color);
  painter.drawEllipse(head, radius, radius);
}

void paintMark(QPainter& painter, MarkShape shape, QPointF center, double radius, const QColor& color,
               const QColor& background) {
  const bool filled = shape == MarkShape::Dot || shape == MarkShape::Square || shape == MarkShape::Diamond;
  painter.setPen(QPen(color, 1.4));
  painter.setBrush(filled ? color : background);
  switch (shape) {
    case MarkShape::Dot: painter.drawEllipse(center, radius, radius); break;
    case MarkShape::Hollow: painter.drawEllipse(center, radius * 0.72, radius * 0.72); break;
    case MarkShape::Square: painter.drawRect(QRectF(center - QPointF(radius, radius) * 0.9, QSizeF(radius, radius) * 1.8)); break;
    case MarkShape::Diamond: {
      const double r = radius * 1.2;
      painter.drawPolygon(QPolygonF({center - QPointF(0, r), center + QPointF(r, 0), center + QPointF(0, r), center - QPointF(r, 0)}));
      break;
    }
    case MarkShape::Ringed: {
      painter.drawEllipse(center, radius, radius);
      painter.setPen(Qt::NoPen);
      painter.setBrush(color);
      painter.drawEllipse(center, radius * 0.5, radius * 0.5);
      break;
    }
    case MarkShape::Twin: {
      const QPointF apart(radius * 0.5, 0);
      painter.setPen(QPen(background, 1));
      painter.setBrush(color);
      painter.drawEllipse(center - apart, radius * 0.85, radius * 0.85);
      painter.drawEllipse(center + apart, radius * 0.85, radius * 0.85);
      break;
    }
    case MarkShape::Crossed: {
      painter.drawEllipse(center, radius, radius);
      const double d = radius * 0.6;
      painter.drawLine(center - QPointF(d, d), center + QPointF(d, d));
      painter.drawLine(center - QPointF(d, -d), center + QPointF(d, -d));
      break;
    }
  }
}

}  // namespace cairn::ui
