#include "ui/chart/curve_frame.h"

#include <algorithm>
#include <cmath>

#include "ui/chart/chart_mouse.h"
#include "ui/chart/curve_layer.h"
#include "ui/chart/plot_margins.h"
#include "ui/chart/qcustomplot_face.h"
#include "ui/chart/scene_builder.h"
#include "ui/chart/shared_ticker.h"
#include "ui/theme.h"
#include "ui/x_axis.h"

namespace cairn::ui {

// The plot owns its layerables.
CurveFrame::CurveFrame(QCustomPlot& plot, XAxis& axis, const ChartScene& scene, QObject* parent)
    : QObject(parent),
      plot_(plot),
      axis_(axis),
      scene_(scene),
      crossHair_(new CrossHairLayer(plot.axisRect(), scene)) {
  plot_.setNoAntialiasingOnDrag(true);
  plot_.layer(QStringLiteral("main"))->setMode(QCPLayer::lmBuffered);
  new CurveLayer(plot_.axisRect(), scene_);
  buildAxes();
  joinMouse();
  dress();
  connect(&axis_, &XAxis::fitRequested, this, [this] {
    fitY();
    Q_EMIT changed();
  });
  connect(&Theme::instance(), &Theme::changed, this, [this] {
    dress();
    Q_EMIT changed();
  });
}

void CurveFrame::buildAxes() {
  auto* rect = plot_.axisRect();
  rect->setAutoMargins(QCP::msNone);
  rect->setMargins(QMargins(kPlotLeft, 12, kPlotRight, 26));
  plot_.xAxis->setTicker(QSharedPointer<SharedTicker>::create(plot_.xAxis, &axis_));
  plot_.yAxis->setTicker(QSharedPointer<SharedTicker>::create(plot_.yAxis, nullptr));
  for (auto* axis : {plot_.xAxis, plot_.yAxis}) {
    axis->setSubTicks(false);
    axis->setTickLength(0);
    axis->setTickLabelPadding(7);
    axis->grid()->setZeroLinePen(Qt::NoPen);
  }
}

void CurveFrame::joinMouse() {
  auto* mouse = new ChartMouse(plot_, axis_, this);
  connect(mouse, &ChartMouse::clicked, this, &CurveFrame::clicked);
  connect(mouse, &ChartMouse::fitAsked, &axis_, &XAxis::fit);
  connect(mouse, &ChartMouse::yRangeAsked, this, &CurveFrame::setYRange);
  connect(mouse, &ChartMouse::rubberBandChanged, this, [this](QRect band) {
    crossHair_->setRubberBand(band);
    drawCrossHair();
  });
}

void CurveFrame::setYRange(double lower, double upper) {
  if (!std::isfinite(lower) || !std::isfinite(upper) || !(upper > lower)) return;
  yByHand_ = true;
  plot_.yAxis->setRange(lower, upper);
  Q_EMIT changed();
}

void CurveFrame::place(bool logarithmic) {
  plot_.xAxis->setRange(axis_.lower(), axis_.upper());
  plot_.yAxis->setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
  if (yByHand_) return;
  const Window window{axis_.lower(), axis_.upper(), std::max(1, plot_.axisRect()->width()), axis_.unit()};
  if (const auto range = yExtent(scene_.curves, window, logarithmic))
    plot_.yAxis->setRange(range->first, range->second);
}

void CurveFrame::drawCrossHair() { crossHair_->layer()->replot(); }

void CurveFrame::dress() {
  const auto& colors = Theme::instance().colors();
  plot_.setBackground(QBrush(colors.panel));
  for (auto* axis : {plot_.xAxis, plot_.yAxis}) {
    axis->setBasePen(QPen(axis == plot_.xAxis ? colors.border : colors.panel));
    axis->setTickPen(Qt::NoPen);
    axis->setTickLabelColor(colors.mutedText);
    axis->setTickLabelFont(plot_.font());
    axis->grid()->setPen(QPen(colors.grid, 1));
  }
}

}  // namespace cairn::ui
