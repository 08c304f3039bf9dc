#include "ui/compare/share_bar.h"

#include <QPainter>
#include <QPainterPath>

#include "ui/text.h"

namespace cairn::ui {

ShareBar::ShareBar(QWidget* parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed); }

void ShareBar::set(const QList<Part>& parts) {
  parts_ = parts;
  QStringList words;
  for (const auto& part : parts) words << QStringLiteral("%1 %2").arg(part.name, count(part.count));
  setToolTip(words.join(QLatin1Char('\n')));
  setAccessibleName(words.join(QStringLiteral(", ")));
  update();
}

void ShareBar::paintEvent(QPaintEvent*) {
  double whole = 0;
  for (const auto& part : parts_) whole += static_cast<double>(part.count);
  if (whole <= 0) return;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  QPainterPath round;
  round.addRoundedRect(rect(), height() / 2.0, height() / 2.0);
  painter.setClipPath(round);
  double x = 0;
  for (const auto& part : parts_) {
    if (part.count == 0) continue;
    const double wide =
        std::max(2.0, static_cast<double>(part.count) / whole * width());  // a few of thousands are seen too
    painter.fillRect(QRectF(x, 0, wide + 1, height()), part.color);
    x += wide;
  }
}

}  // namespace cairn::ui
