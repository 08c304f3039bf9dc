#include "ui/compare/distance_delegate.h"

#include <QApplication>
#include <QPainter>

#include "ui/compare/table_style.h"
#include "ui/compare/tensor_model.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kNumber = 58;  ///< pixels of the number, on the right
constexpr int kHeight = 8;
constexpr int kMargin = 6;
constexpr int kBarColor = 2;  ///< of the runs' palette: neither A's nor B's usual one
}  // namespace

void DistanceDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  QStyleOptionViewItem cell = option;
  initStyleOption(&cell, index);
  const auto number = cell.text;
  cell.text.clear();
  const auto* style = cell.widget ? cell.widget->style() : QApplication::style();
  style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);

  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(Qt::NoPen);
  QRectF bar(option.rect.left() + kMargin, option.rect.center().y() - kHeight / 2.0 + 0.5,
             option.rect.width() - kNumber - 2 * kMargin, kHeight);
  const auto& theme = Theme::instance();
  if (bar.width() > kHeight) {
    painter->setBrush(theme.colors().grid);
    painter->drawRoundedRect(bar, kHeight / 2.0, kHeight / 2.0);
    const auto part = index.data(TensorModel::PartRole);
    if (part.isValid() && part.toDouble() > 0) {
      bar.setWidth(std::max<double>(kHeight, bar.width() * part.toDouble()));
      painter->setBrush(theme.runColor(kBarColor));
      painter->drawRoundedRect(bar, kHeight / 2.0, kHeight / 2.0);
    }
  }
  painter->setPen(qvariant_cast<QColor>(index.data(Qt::ForegroundRole)));
  painter->drawText(option.rect.adjusted(0, 0, -3, -1), Qt::AlignRight | Qt::AlignVCenter, number);
  painter->restore();
  paintRowLine(*painter, option.rect);
}

}  // namespace cairn::ui
