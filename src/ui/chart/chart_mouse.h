// Turns mouse, wheel and keys over a plot into what they mean: zoom, pan, fit, hover and click. GUI thread.
#pragma once

#include <QObject>
#include <QRect>
#include <optional>

class QCustomPlot;
class QMouseEvent;
class QWheelEvent;

namespace cairn::ui {

class XAxis;

class ChartMouse : public QObject {
  Q_OBJECT

 public:
  ChartMouse(QCustomPlot& plot, XAxis& axis, QObject* parent);

 Q_SIGNALS:
  void clicked(QPoint at);
  void fitAsked();
  void yRangeAsked(double lower, double upper);
  void rubberBandChanged(QRect band);  ///< null when it ends

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  bool wheel(const QWheelEvent& event);
  bool press(const QMouseEvent& event);
  bool move(const QMouseEvent& event);
  bool release(const QMouseEvent& event);
  bool key(int key);
  void zoomX(double factor, double around);
  void zoomY(double factor, int y);
  void zoomTo(const QRect& band);

  QCustomPlot& plot_;
  XAxis& axis_;
  std::optional<QPoint> pressed_;
  bool dragging_ = false, banding_ = false;
  double pressedLower_ = 0, pressedUpper_ = 1;
};

}  // namespace cairn::ui
