#include "ui/compare/answer_delegate.h"

#include <QApplication>
#include <QPainter>

#include "ui/compare/sample_model.h"
#include "ui/compare/table_style.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kMargin = 5;
constexpr int kIcon = 14;
constexpr int kBar = 3;
constexpr int kWidestBar = 90;
}  // namespace

void AnswerDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  QStyleOptionViewItem cell = option;
  initStyleOption(&cell, index);
  auto words = cell.text;
  cell.text.clear();
  const auto* style = cell.widget ? cell.widget->style() : QApplication::style();
  style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);

  painter->save();
  const auto& theme = Theme::instance();
  const auto right = index.data(SampleModel::RightRole);
  const auto sure = index.data(SampleModel::SureRole);
  const auto color = !right.isValid() ? theme.colors().text : right.toBool() ? theme.colors().good : theme.colors().bad;
  auto place = option.rect.adjusted(kMargin, 2, -kMargin, -2);
  if (right.isValid()) {
    const auto icon = theme.icon(right.toBool() ? QStringLiteral("check") : QStringLiteral("close"), color);
    icon.paint(painter, QRect(place.left(), place.center().y() - kIcon / 2, kIcon, kIcon));
    place.setLeft(place.left() + kIcon + kMargin);
  }
  painter->setPen(color);
  if (sure.isValid()) {
    const double part = sure.toDouble();
    words += QStringLiteral("   ") + QString::number(part * 100, 'f', 0) + QStringLiteral(" %");
    const QRectF bar(place.left(), place.bottom() - kBar, std::min(kWidestBar, place.width()), kBar);
    painter->fillRect(bar, theme.colors().grid);
    painter->fillRect(QRectF(bar.left(), bar.top(), bar.width() * part, bar.height()), color);
    place.setBottom(place.bottom() - kBar);
  }
  const int flags = wraps_ ? int(Qt::AlignLeft) | int(Qt::AlignTop) | int(Qt::TextWordWrap)
                           : int(Qt::AlignLeft) | int(Qt::AlignVCenter);
  painter->setClipRect(place);
  painter->drawText(place, flags, wraps_ ? words : option.fontMetrics.elidedText(words, Qt::ElideRight, place.width()));
  painter->restore();
  paintRowLine(*painter, option.rect);
}

}  // namespace cairn::ui
