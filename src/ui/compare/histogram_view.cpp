#include "ui/compare/histogram_view.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "ui/chart/axis_ticks.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kFoot = 20;
constexpr int kTop = 6;
constexpr double kStrength = 0.45;
constexpr double kTickRoom = 1.6;  ///< yTicks counts rows of text: numbers side by side want more room
}  // namespace

HistogramView::HistogramView(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void HistogramView::set(double low, double high, std::vector<Histogram> histograms) {
  low_ = low;
  high_ = high;
  histograms_ = std::move(histograms);
  setAccessibleName(tr("Histogram from %1 to %2").arg(number(low), number(high)));
  update();
}

QRect HistogramView::area() const { return rect().adjusted(8, kTop, -8, -kFoot); }

void HistogramView::paintBars(QPainter& painter, const Histogram& histogram, double scale) const {
  const auto plot = area();
  const double width = static_cast<double>(plot.width()) / static_cast<double>(histogram.counts.size());
  auto fill = histogram.color;
  fill.setAlphaF(static_cast<float>(kStrength));
  painter.setBrush(fill);
  const double gap = width > 4 ? 1 : 0;
  for (std::size_t bin = 0; bin < histogram.counts.size(); ++bin) {
    if (histogram.counts[bin] == 0) continue;
    const double height = std::max(1.0, static_cast<double>(histogram.counts[bin]) * scale);
    painter.drawRect(
        QRectF(plot.left() + static_cast<double>(bin) * width, plot.bottom() + 1 - height, width - gap, height));
  }
}

void HistogramView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const auto& colors = Theme::instance().colors();
  const auto plot = area();
  std::int64_t most = 0;
  for (const auto& histogram : histograms_) {
    for (const auto counted : histogram.counts) most = std::max(most, counted);
  }
  painter.setPen(colors.border);
  painter.drawLine(plot.bottomLeft() + QPoint(0, 1), plot.bottomRight() + QPoint(0, 1));
  if (most == 0) {
    painter.setPen(colors.mutedText);
    painter.drawText(plot, Qt::AlignCenter, tr("no finite values"));
    return;
  }
  painter.setPen(Qt::NoPen);
  for (const auto& histogram : histograms_)
    paintBars(painter, histogram, static_cast<double>(plot.height()) / static_cast<double>(most));
  painter.setPen(colors.mutedText);
  for (const auto& tick : yTicks(low_, high_, static_cast<int>(plot.width() / kTickRoom), false)) {
    const double x = plot.left() + (tick.at - low_) / (high_ - low_) * plot.width();
    const QRectF place(x - 40, plot.bottom() + 3, 80, kFoot - 3);
    painter.drawText(place, Qt::AlignHCenter | Qt::AlignTop, tick.label);
  }
}

bool HistogramView::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const auto plot = area();
  if (bins() == 0 || !plot.contains(help->pos())) {
    QToolTip::hideText();
    return true;
  }
  const auto bin = std::min(bins() - 1, static_cast<std::size_t>((help->pos().x() - plot.left()) *
                                                                 static_cast<double>(bins()) / plot.width()));
  const double width = (high_ - low_) / static_cast<double>(bins());
  QStringList lines{
      tr("%1 to %2")
          .arg(number(low_ + static_cast<double>(bin) * width), number(low_ + static_cast<double>(bin + 1) * width))};
  for (const auto& histogram : histograms_)
    lines << tr("%1: %2 values").arg(histogram.letter, count(histogram.counts[bin]));
  QToolTip::showText(help->globalPos(), lines.join(QLatin1Char('\n')), this);
  return true;
}

}  // namespace cairn::ui
