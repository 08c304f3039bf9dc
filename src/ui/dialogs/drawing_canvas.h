// A black square to draw a digit on with the mouse, white as MNIST's are. GUI thread.
#pragma once

#include <QImage>
#include <QWidget>
#include <cstdint>
#include <vector>

namespace cairn::ui {

class DrawingCanvas : public QWidget {
  Q_OBJECT

 public:
  explicit DrawingCanvas(QWidget* parent = nullptr);

  void clear();
  bool isEmpty() const { return empty_; }
  /// Grey values, row-major, placed as MNIST's digits are: in a box of 20/28 of the side, centred by mass.
  std::vector<std::uint8_t> pixels(int width, int height) const;

 Q_SIGNALS:
  void drawn();

 protected:
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  void strokeTo(const QPointF& point);

  QImage image_;
  QPointF last_;
  bool empty_ = true;
};

}  // namespace cairn::ui
