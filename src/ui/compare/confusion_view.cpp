#include "ui/compare/confusion_view.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kTitle = 18;
constexpr double kLeastInDark = 0.3;  ///< opacity of a cell that is not empty
constexpr int kNames = 14;       ///< pixels beside the cells, where class names are short
constexpr double kNumbers = 20;  ///< of a cell that has room for its count
constexpr double kLines = 9;     ///< of one that has room for a name beside it
}  // namespace

ConfusionView::ConfusionView(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void ConfusionView::set(const QString& letter, const QColor& color, QStringList classes,
                        std::vector<std::int64_t> counts) {
  letter_ = letter;
  color_ = color;
  classes_ = std::move(classes);
  counts_ = std::move(counts);
  setAccessibleName(tr("Confusion matrix of %1").arg(letter));
  update();
}

QRectF ConfusionView::area() const {
  const double edge = std::max(10, std::min(width() - kNames - 2, height() - kTitle - kNames - 2));
  return {static_cast<double>(kNames), static_cast<double>(kTitle + kNames), edge, edge};
}

// A cell is as strong as its share of its row: a class with few samples is seen as well as one with many.
void ConfusionView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const auto& colors = Theme::instance().colors();
  const auto plot = area();
  painter.setPen(colors.mutedText);
  painter.drawText(QRectF(plot.left(), 0, width(), kTitle), Qt::AlignLeft | Qt::AlignVCenter, letter_);
  if (classes_.isEmpty()) return;
  const double edge = cell();
  auto small = font();
  small.setPointSizeF(small.pointSizeF() * 0.85);
  painter.setFont(small);
  for (qsizetype row = 0; row < classes_.size(); ++row) {
    std::int64_t sum = 0;
    for (qsizetype column = 0; column < classes_.size(); ++column) sum += at(row, column);
    for (qsizetype column = 0; column < classes_.size(); ++column) {
      const QRectF place(plot.left() + static_cast<double>(column) * edge, plot.top() + static_cast<double>(row) * edge,
                         edge, edge);
      const double part = sum > 0 ? static_cast<double>(at(row, column)) / static_cast<double>(sum) : 0;
      auto fill = row == column ? color_ : colors.bad;
      // What is rare must still be seen: the square root lifts it, and on a dark ground a floor.
      const double least = Theme::instance().dark() ? kLeastInDark : 0;
      fill.setAlphaF(static_cast<float>(row == column ? part * 0.85 : least + (1 - least) * std::sqrt(part)));
      painter.fillRect(place, Theme::instance().dark() ? colors.border : colors.grid);
      painter.fillRect(place.adjusted(0, 0, edge > 6 ? -1 : 0, edge > 6 ? -1 : 0), colors.panel);
      if (at(row, column) > 0) painter.fillRect(place.adjusted(0, 0, edge > 6 ? -1 : 0, edge > 6 ? -1 : 0), fill);
      if (edge < kNumbers || at(row, column) == 0) continue;
      painter.setPen(part > 0.55 && row == column ? colors.panel : colors.text);
      const auto words = QString::number(at(row, column));
      if (painter.fontMetrics().horizontalAdvance(words) < edge - 2) painter.drawText(place, Qt::AlignCenter, words);
    }
  }
  paintNames(painter, plot);
}

void ConfusionView::paintNames(QPainter& painter, const QRectF& plot) const {
  const double edge = cell();
  const bool isShort =
      std::all_of(classes_.begin(), classes_.end(), [](const QString& name) { return name.size() <= 2; });
  if (edge < kLines || !isShort) return;
  auto small = font();
  small.setPointSizeF(small.pointSizeF() * 0.8);
  painter.setFont(small);
  painter.setPen(Theme::instance().colors().mutedText);
  for (qsizetype i = 0; i < classes_.size(); ++i) {
    const double along = static_cast<double>(i) * edge;
    painter.drawText(QRectF(0, plot.top() + along, kNames - 2, edge), Qt::AlignRight | Qt::AlignVCenter, classes_[i]);
    painter.drawText(QRectF(plot.left() + along, kTitle, edge, kNames), Qt::AlignCenter, classes_[i]);
  }
}

bool ConfusionView::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const auto plot = area();
  if (classes_.isEmpty() || !plot.contains(help->pos())) {
    QToolTip::hideText();
    return true;
  }
  const auto last = classes_.size() - 1;
  const auto row = std::min(last, static_cast<qsizetype>((help->pos().y() - plot.top()) / cell()));
  const auto column = std::min(last, static_cast<qsizetype>((help->pos().x() - plot.left()) / cell()));
  QToolTip::showText(
      help->globalPos(),
      tr("%1: true %2, predicted %3: %4").arg(letter_, classes_[row], classes_[column], count(at(row, column))), this);
  return true;
}

}  // namespace cairn::ui
