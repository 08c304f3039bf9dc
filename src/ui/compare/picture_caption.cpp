#include "ui/compare/picture_caption.h"

#include <QApplication>
#include <QPainter>

#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kLine = 26, kMargin = 12, kDot = 10;
}

QImage withCaption(const QImage& page, const ComparedItems& items) {
  if (page.isNull()) return page;
  const auto& colors = Theme::instance().colors();
  const QSizeF size = page.deviceIndependentSize();
  const double top = kLine * static_cast<double>(items.size()) + 2 * Theme::kSpacing;
  QImage picture((QSizeF(size.width(), size.height() + top) * page.devicePixelRatio()).toSize(), QImage::Format_RGB32);
  picture.setDevicePixelRatio(page.devicePixelRatio());
  picture.fill(colors.window);
  QPainter painter(&picture);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(QApplication::font());
  double y = Theme::kSpacing;
  for (const auto& item : items) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(item.color);
    painter.drawEllipse(QRectF(kMargin, y + (kLine - kDot) / 2.0, kDot, kDot));
    painter.setPen(colors.text);
    const double left = kMargin + kDot + Theme::kSpacing;
    painter.drawText(QRectF(left, y, size.width() - left - kMargin, kLine), Qt::AlignLeft | Qt::AlignVCenter,
                     QStringLiteral("%1  %2").arg(item.letter, titleOf(item)));
    y += kLine;
  }
  painter.drawImage(QPointF(0, top), page);
  return picture;
}

}  // namespace cairn::ui
