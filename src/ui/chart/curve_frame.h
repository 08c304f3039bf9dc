// What the window's chart and the comparison's have in common around their curves: axes, grid and colours, the
// cross-hair, and a y range that fits until a person sets it. GUI thread.
#pragma once

#include <QObject>
#include <QPoint>

#include "ui/chart/chart_scene.h"

class QCustomPlot;

namespace cairn::ui {

class CrossHairLayer;

class CurveFrame : public QObject {
  Q_OBJECT

 public:
  /// Furnishes `plot` to show `scene` over `axis`. It outlives none of them.
  CurveFrame(QCustomPlot& plot, XAxis& axis, const ChartScene& scene, QObject* parent);

  void fitY() { yByHand_ = false; }  ///< from the next place() on
  void place(bool logarithmic);      ///< sets the plot's ranges for what the scene holds
  void drawCrossHair();              ///< and no curve

 Q_SIGNALS:
  void changed();  ///< a person or the theme did: it wants to be drawn anew
  void clicked(QPoint at);

 private:
  void buildAxes();
  void joinMouse();
  void setYRange(double lower, double upper);
  void dress();

  QCustomPlot& plot_;
  XAxis& axis_;
  const ChartScene& scene_;
  CrossHairLayer* crossHair_;
  bool yByHand_ = false;
};

}  // namespace cairn::ui
