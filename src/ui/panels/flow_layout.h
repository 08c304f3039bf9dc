// Places its items in rows as text flows: as many side by side as fit. GUI thread.
#pragma once

#include <QLayout>
#include <QList>

namespace cairn::ui {

class FlowLayout final : public QLayout {
 public:
  FlowLayout(QWidget* parent, int spacing);
  ~FlowLayout() override;

  void addItem(QLayoutItem* item) override;
  int count() const override { return static_cast<int>(items_.size()); }
  QLayoutItem* itemAt(int index) const override { return items_.value(index); }
  QLayoutItem* takeAt(int index) override;
  Qt::Orientations expandingDirections() const override { return {}; }
  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override { return place(QRect(0, 0, width, 0), false); }
  void setGeometry(const QRect& rect) override;
  QSize sizeHint() const override { return minimumSize(); }
  QSize minimumSize() const override;

 private:
  int place(const QRect& rect, bool move) const;  // the height that it takes
  QList<QLayoutItem*> items_;
};

}  // namespace cairn::ui
