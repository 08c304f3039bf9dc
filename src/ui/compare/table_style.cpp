#include "ui/compare/table_style.h"

#include <QHeaderView>
#include <QPainter>
#include <QResizeEvent>
#include <QStyledItemDelegate>
#include <QTableView>

#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kRow = 25;

/// A thin line under each row, as the inspector's facts have it.
class LinedDelegate final : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QStyledItemDelegate::paint(painter, option, index);
    paintRowLine(*painter, option.rect);
  }
};

class RoomWatcher final : public QObject {
 public:
  RoomWatcher(QTableView& table, std::function<void()> fit) : QObject(&table), fit_(std::move(fit)) {
    table.viewport()->installEventFilter(this);
  }
  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() != QEvent::Resize) return QObject::eventFilter(watched, event);
    const auto* resized = static_cast<QResizeEvent*>(event);
    if (resized->size().width() != resized->oldSize().width()) fit_();
    return false;
  }

 private:
  std::function<void()> fit_;
};

}  // namespace

void paintRowLine(QPainter& painter, const QRect& cell) {
  painter.setPen(Theme::instance().colors().grid);
  painter.drawLine(cell.bottomLeft(), cell.bottomRight());
}

void fitColumnsWith(QTableView& table, std::function<void()> fit) { new RoomWatcher(table, std::move(fit)); }

void dressTable(QTableView& table) {
  table.setShowGrid(false);
  table.setFrameShape(QFrame::NoFrame);
  table.setProperty("calm", true);
  table.setItemDelegate(new LinedDelegate(&table));
  table.setSelectionBehavior(QAbstractItemView::SelectRows);
  table.setSelectionMode(QAbstractItemView::SingleSelection);
  table.setEditTriggers(QAbstractItemView::NoEditTriggers);
  table.setTabKeyNavigation(false);
  table.setWordWrap(false);
  table.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  table.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  table.verticalHeader()->hide();
  table.verticalHeader()->setDefaultSectionSize(kRow);
  table.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  table.horizontalHeader()->setHighlightSections(false);
  table.horizontalHeader()->setStretchLastSection(true);
  table.horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

}  // namespace cairn::ui
