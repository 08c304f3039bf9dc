// A value card over the window, beside what the pointer is on rather than on top of it. Takes no mouse. GUI thread.
#pragma once

#include <QWidget>

#include "ui/chart/value_card.h"

namespace cairn::ui {

class FloatingCard final : public QWidget {
  Q_OBJECT

 public:
  explicit FloatingCard(QWidget* window);

  /// Above the band `spared` (in the window's pixels), below it where there is no room; to the left of `x` if it fits there.
  void showBeside(const ValueCard& card, int x, const QRect& spared);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  ValueCard card_;
};

}  // namespace cairn::ui
