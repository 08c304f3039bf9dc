#include "ui/chart/chart_mouse.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <cmath>

#include "ui/chart/qcustomplot_face.h"
#include "ui/x_axis.h"

namespace cairn::ui {

namespace {
constexpr int kDragPixels = 4;
constexpr double kNotch = 0.8;  ///< range left after one notch of the wheel
}  // namespace

ChartMouse::ChartMouse(QCustomPlot& plot, XAxis& axis, QObject* parent) : QObject(parent), plot_(plot), axis_(axis) {
  plot.setInteractions(QCP::iNone);
  plot.setMouseTracking(true);
  plot.setFocusPolicy(Qt::StrongFocus);
  plot.installEventFilter(this);
}

bool ChartMouse::eventFilter(QObject*, QEvent* event) {
  switch (event->type()) {
    case QEvent::Wheel: return wheel(*static_cast<QWheelEvent*>(event));
    case QEvent::MouseButtonPress: return press(*static_cast<QMouseEvent*>(event));
    case QEvent::MouseMove: return move(*static_cast<QMouseEvent*>(event));
    case QEvent::MouseButtonRelease: return release(*static_cast<QMouseEvent*>(event));
    case QEvent::MouseButtonDblClick: Q_EMIT fitAsked(); return true;
    case QEvent::KeyPress: return key(static_cast<QKeyEvent*>(event)->key());
    case QEvent::Leave: axis_.setCrossHair({}); return false;
    default: return false;
  }
}

bool ChartMouse::wheel(const QWheelEvent& event) {
  const double factor = std::pow(kNotch, event.angleDelta().y() / 120.0);
  if (event.modifiers() & Qt::ControlModifier) {
    zoomY(factor, static_cast<int>(event.position().y()));
  } else if (event.angleDelta().x() != 0 && event.angleDelta().y() == 0) {
    const double by = (axis_.upper() - axis_.lower()) * -event.angleDelta().x() / 1200.0;
    axis_.setRange(axis_.lower() + by, axis_.upper() + by);
  } else {
    zoomX(factor, plot_.xAxis->pixelToCoord(event.position().x()));
  }
  return true;
}

void ChartMouse::zoomX(double factor, double around) {
  axis_.setRange(around - (around - axis_.lower()) * factor, around + (axis_.upper() - around) * factor);
}

// In pixels, so that it is right on a logarithmic axis too.
void ChartMouse::zoomY(double factor, int y) {
  const auto* rect = plot_.axisRect();
  const double bottom = y + (rect->bottom() - y) * factor;
  const double top = y - (y - rect->top()) * factor;
  Q_EMIT yRangeAsked(plot_.yAxis->pixelToCoord(bottom), plot_.yAxis->pixelToCoord(top));
}

bool ChartMouse::press(const QMouseEvent& event) {
  if (event.button() != Qt::LeftButton) return false;
  plot_.setFocus(Qt::MouseFocusReason);
  pressed_ = event.pos();
  dragging_ = false;
  banding_ = event.modifiers() & Qt::ShiftModifier;
  pressedLower_ = axis_.lower();
  pressedUpper_ = axis_.upper();
  return true;
}

bool ChartMouse::move(const QMouseEvent& event) {
  if (pressed_ && (event.pos() - *pressed_).manhattanLength() >= kDragPixels) dragging_ = true;
  if (!dragging_) {
    const bool inside = plot_.axisRect()->rect().contains(event.pos());
    axis_.setCrossHair(inside ? std::optional(plot_.xAxis->pixelToCoord(event.pos().x())) : std::nullopt);
  } else if (banding_) {
    Q_EMIT rubberBandChanged(QRect(*pressed_, event.pos()).normalized() & plot_.axisRect()->rect());
  } else {
    const double by = (pressed_->x() - event.pos().x()) * (pressedUpper_ - pressedLower_) / plot_.axisRect()->width();
    axis_.setRange(pressedLower_ + by, pressedUpper_ + by);
  }
  return true;
}

bool ChartMouse::release(const QMouseEvent& event) {
  if (!pressed_ || event.button() != Qt::LeftButton) return false;
  if (dragging_ && banding_) {
    zoomTo(QRect(*pressed_, event.pos()).normalized() & plot_.axisRect()->rect());
    Q_EMIT rubberBandChanged({});
  }
  if (!dragging_ && plot_.axisRect()->rect().contains(event.pos())) Q_EMIT clicked(event.pos());
  pressed_.reset();
  dragging_ = false;
  return true;
}

void ChartMouse::zoomTo(const QRect& band) {
  if (band.width() < kDragPixels || band.height() < kDragPixels) return;
  const double left = plot_.xAxis->pixelToCoord(band.left()), right = plot_.xAxis->pixelToCoord(band.right());
  const double bottom = plot_.yAxis->pixelToCoord(band.bottom()), top = plot_.yAxis->pixelToCoord(band.top());
  axis_.setRange(left, right);
  Q_EMIT yRangeAsked(bottom, top);
}

bool ChartMouse::key(int key) {
  const double width = axis_.upper() - axis_.lower();
  const double middle = axis_.lower() + width / 2;
  switch (key) {
    case Qt::Key_F: Q_EMIT fitAsked(); return true;
    case Qt::Key_Left: axis_.setRange(axis_.lower() - width / 10, axis_.upper() - width / 10); return true;
    case Qt::Key_Right: axis_.setRange(axis_.lower() + width / 10, axis_.upper() + width / 10); return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoomX(kNotch, middle); return true;
    case Qt::Key_Minus: zoomX(1 / kNotch, middle); return true;
    default: return false;
  }
}

}  // namespace cairn::ui
