// Draws the chart's curves and marks into a QCustomPlot: raw values as a band of one vertical line a pixel column, the
// smoothed line with one point a column. GUI thread.
#pragma once

#include "ui/chart/qcustomplot_face.h"

#include "ui/chart/chart_scene.h"

namespace cairn::ui {

class CurveLayer : public QCPLayerable {
 public:
  CurveLayer(QCPAxisRect* axes, const ChartScene& scene);

 protected:
  void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
  QRect clipRect() const override;
  void draw(QCPPainter* painter) override;

 private:
  void drawBand(QCPPainter* painter, const DrawnCurve& curve, const Columns& columns) const;
  void drawQuiet(QCPPainter* painter, const DrawnCurve& curve) const;
  void drawLine(QCPPainter* painter, const DrawnCurve& curve, const Columns& columns) const;
  void drawMarks(QCPPainter* painter) const;
  Window windowOf(const DrawnCurve& curve, int width) const;
  double yPixel(double value) const;  ///< what a logarithmic axis cannot show stands at its foot

  QCPAxisRect* axes_;
  const ChartScene& scene_;
};

/// The cross-hair and its card: a layer of its own, so that moving it draws no curve anew.
class CrossHairLayer : public QCPLayerable {
 public:
  CrossHairLayer(QCPAxisRect* axes, const ChartScene& scene);
  void setRubberBand(QRect rect) { rubberBand_ = rect; }

 protected:
  void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
  QRect clipRect() const override;
  void draw(QCPPainter* painter) override;

 private:
  QCPAxisRect* axes_;
  const ChartScene& scene_;
  QRect rubberBand_;
};

}  // namespace cairn::ui
