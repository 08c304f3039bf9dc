// Says which line is training and which validation. GUI thread.
#pragma once

#include <QWidget>

namespace cairn::ui {

class ChartLegend : public QWidget {
  Q_OBJECT

 public:
  using QWidget::QWidget;
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
};

}  // namespace cairn::ui
