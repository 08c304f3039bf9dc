// A cell with a bar and its number: which layers moved is seen at a glance. GUI thread.
#pragma once

#include <QStyledItemDelegate>

namespace cairn::ui {

class DistanceDelegate final : public QStyledItemDelegate {
  Q_OBJECT

 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace cairn::ui
