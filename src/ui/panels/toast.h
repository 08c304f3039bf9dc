// What went well, said over the window's foot: nothing moves for it, and it goes by itself. GUI thread.
#pragma once

#include <QFrame>

class QVBoxLayout;

namespace cairn::ui {

class Toast final : public QFrame {
  Q_OBJECT

 public:
  explicit Toast(QWidget* window);

  void setLines(const QList<QWidget*>& lines);  ///< takes them; none: it hides

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void place();

  QVBoxLayout* layout_;
};

}  // namespace cairn::ui
