// What a checkpoint answers to a sample: right or wrong by colour and sign, and how sure it is as a thin bar. GUI
// thread.
#pragma once

#include <QStyledItemDelegate>

namespace cairn::ui {

class AnswerDelegate final : public QStyledItemDelegate {
  Q_OBJECT

 public:
  AnswerDelegate(bool wraps, QObject* parent) : QStyledItemDelegate(parent), wraps_(wraps) {}
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 private:
  bool wraps_;  ///< text: over as many lines as there is room for
};

}  // namespace cairn::ui
