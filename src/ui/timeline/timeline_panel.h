// The tree of checkpoints under the chart, over the same x axis: a lane a run, a mark a checkpoint. GUI thread.
#pragma once

#include <QPoint>
#include <QPointer>
#include <QTimer>
#include <QWidget>
#include <optional>
#include <string>
#include <vector>

#include "ui/filter/home_filter.h"
#include "ui/timeline/timeline_layout.h"

class QPainter;
class QScrollBar;

namespace cairn::ui {

class CatalogClient;
class FloatingCard;
class Selection;
class SeriesStore;
class XAxis;

class TimelinePanel : public QWidget {
  Q_OBJECT

 public:
  TimelinePanel(CatalogClient& client, Selection& selection, XAxis& axis, QWidget* parent = nullptr);

  void setShownRuns(const std::vector<std::string>& ids);
  void setFilter(FilteredHomePtr filter);  ///< dims what it holds back

  QSize sizeHint() const override { return {640, 210}; }
  QSize minimumSizeHint() const override { return {320, 120}; }
  const std::vector<TimelineLane>& lanes() const { return lanes_; }
  TimelineGeometry geometryNow() const;

 Q_SIGNALS:
  void contextMenuRequested(std::string id, QPoint globalPos);
  void runMenuRequested(std::string run, QPoint globalPos);  ///< on a lane, beside its marks

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  void rebuildSoon();
  void rebuild();
  void grow();  ///< lanes' ends, after live points
  void updateScrollBar();
  TimelineView view() const;
  double xAt(double pixel) const;
  void clickedAt(const QPoint& at, bool compare);
  void open(const PlacedMark& group);       ///< zooms until its marks stand apart
  void chooseAmong(const PlacedMark& group);  ///< of marks in one and the same place
  void showCard();  ///< of what is under the pointer
  void zoom(double factor, double around);
  void walk(int along, int lanes);
  void walkToEnd(bool last);
  void zoomTo(std::size_t lane, std::size_t mark);
  void select(std::size_t lane, std::size_t mark);
  void choose(const std::string& run, const std::string& checkpoint);
  void seek();
  void seekRun();
  void bringIntoSight(std::size_t lane, double x);
  void bringIntoSight(std::size_t lane);
  std::optional<std::pair<std::size_t, std::size_t>> selectedPlace() const;

  CatalogClient& client_;
  Selection& selection_;
  XAxis& axis_;
  SeriesStore& store_;
  QScrollBar* scroll_;
  std::vector<std::string> runs_;
  std::vector<TimelineLane> lanes_;
  FilteredHomePtr filter_ = std::make_shared<FilteredHome>();
  std::optional<QPoint> pressed_, hovered_;
  double pressedLower_ = 0, pressedUpper_ = 1;
  int pressedScroll_ = 0;
  bool dragging_ = false;
  bool opened_ = false;  ///< the last click opened a group: a second one belongs to it
  bool stale_ = false;
  bool choosing_ = false;  ///< the selection changes by a click here
  std::string sought_;     ///< checkpoint that was selected elsewhere and is to be brought into sight; "" for none
  std::string soughtRun_;  ///< the same of a run that was selected without one: its lane
  QPointer<FloatingCard> card_;
  QTimer soon_;
};

}  // namespace cairn::ui
