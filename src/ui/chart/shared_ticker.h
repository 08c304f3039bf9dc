// Hands the window's own ticks to QCustomPlot. GUI thread.
#pragma once

#include "ui/chart/axis_ticks.h"
#include "ui/chart/qcustomplot_face.h"

namespace cairn::ui {

class SharedTicker : public QCPAxisTicker {
 public:
  /// `shared` null: a y axis.
  SharedTicker(const QCPAxis* axis, const XAxis* shared) : axis_(axis), shared_(shared) {}

  void generate(const QCPRange& range, const QLocale&, QChar, int, QVector<double>& ticks, QVector<double>*,
                QVector<QString>* labels) override {
    const auto* rect = axis_->axisRect();
    const auto found = shared_ ? xTicks(range.lower, range.upper, rect->width(), shared_->unit())
                               : yTicks(range.lower, range.upper, rect->height(),
                                        axis_->scaleType() == QCPAxis::stLogarithmic);
    ticks.clear();
    if (labels) labels->clear();
    for (const auto& tick : found) {
      ticks.append(tick.at);
      if (labels) labels->append(tick.label);
    }
  }

 private:
  const QCPAxis* axis_;
  const XAxis* shared_;
};

}  // namespace cairn::ui
