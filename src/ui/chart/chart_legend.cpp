#include "ui/chart/chart_legend.h"

#include <QFontMetrics>
#include <QPainter>

#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kLine = 18;
constexpr int kGap = 6;
constexpr int kBetween = 14;
}  // namespace

QSize ChartLegend::sizeHint() const {
  const QFontMetrics metrics(font());
  const int texts = metrics.horizontalAdvance(tr("train")) + metrics.horizontalAdvance(tr("validation"));
  return {texts + 2 * (kLine + kGap) + kBetween + 2, metrics.height() + 4};
}

void ChartLegend::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const auto color = Theme::instance().colors().mutedText;
  const int middle = height() / 2;
  int x = 0;
  for (const auto& [name, style] : {std::pair(tr("train"), Qt::SolidLine), std::pair(tr("validation"), Qt::DashLine)}) {
    painter.setPen(QPen(color, 2, style, Qt::FlatCap));
    painter.drawLine(x, middle, x + kLine, middle);
    x += kLine + kGap;
    painter.setPen(color);
    painter.drawText(QRect(x, 0, width(), height()), Qt::AlignVCenter | Qt::AlignLeft, name);
    x += fontMetrics().horizontalAdvance(name) + kBetween;
  }
}

}  // namespace cairn::ui
