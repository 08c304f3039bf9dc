// A chart for paper: a few series over their steps, as a reader prints it, in
// one light dress. Any thread.
#pragma once

#include <QColor>
#include <QPainter>
#include <QRectF>
#include <QString>
#include <cstdint>
#include <span>
#include <vector>

namespace cairn::ui {

struct ReportCurve {
  QString name;
  QColor color;
  bool dashed = false;
  std::span<const std::int64_t> steps;  ///< ascending
  std::span<const double> values;       ///< as many; what is not finite is a gap
};

/// Where more than one value falls on a point of the paper, their range is a
/// band and their mean the line: nothing that was measured lies outside of what
/// is drawn. The y axis is logarithmic where values span more than a decade and
/// a half.
void paintReportChart(QPainter& painter, const QRectF& area, const std::vector<ReportCurve>& curves);

}  // namespace cairn::ui
