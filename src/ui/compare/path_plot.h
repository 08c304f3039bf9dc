// Loss or accuracy along the straight line between two checkpoints, growing as points come. GUI thread.
#pragma once

#include <QColor>
#include <QWidget>
#include <vector>

#include "core/predictions.h"

namespace cairn::ui {

class PathPlot : public QWidget {
  Q_OBJECT

 public:
  explicit PathPlot(QWidget* parent = nullptr);
  struct End {
    QString letter;
    QColor color;
  };
  void begin(const End& from, const End& to);    ///< no points yet
  void setEnds(const End& from, const End& to);  ///< in other colours
  void add(const core::PathPoint& point);        ///< in any order
  void setAccuracy(bool accuracy);               ///< instead of the loss
  const std::vector<core::PathPoint>& points() const { return points_; }
  QSize minimumSizeHint() const override { return {240, 140}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;  ///< Left and Right walk along the points

 private:
  struct Range {
    double lower = 0, upper = 1;
  };
  double value(const core::PathPoint& point) const;
  Range range() const;
  QRect area() const;
  QPointF place(const core::PathPoint& point, const Range& seen) const;
  void paintAxes(QPainter& painter, const Range& seen) const;
  void paintCurve(QPainter& painter, const Range& seen) const;
  void paintHovered(QPainter& painter, const Range& seen) const;

  End from_, to_;
  std::vector<core::PathPoint> points_;  ///< ascending by t
  bool accuracy_ = false;
  int hovered_ = -1;
};

}  // namespace cairn::ui
