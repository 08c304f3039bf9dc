// The chart of the window's middle: tabs of series over curves of the shown runs, live and on record. GUI thread.
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>
#include <string>
#include <vector>

#include "core/series.h"
#include "ui/chart/chart_scene.h"
#include "ui/filter/home_filter.h"

class QCustomPlot;
class QToolButton;

namespace cairn::ui {

class CatalogClient;
class CurveFrame;
class Selection;
class SeriesStore;
struct SeriesGroup;

class ChartPanel : public QWidget {
  Q_OBJECT

 public:
  ChartPanel(CatalogClient& client, Selection& selection, XAxis& axis, QWidget* parent = nullptr);
  ~ChartPanel() override;

  void setLogY(bool logarithmic);
  void setSmoothing(double weight);  ///< 0 to 0.99
  void appendLive(const std::string& run, const std::vector<core::MetricPoint>& points);
  void setShownRuns(const std::vector<std::string>& ids);
  void setFilter(FilteredHomePtr filter);  ///< leaves out the marks that it holds back
  void setParentsShown(bool shown);        ///< the parent's part of a branch whose parent is not shown

  QCustomPlot& plot() { return *plot_; }
  const ChartScene& scene() const { return scene_; }
  const std::vector<std::string>& shownRuns() const { return runs_; }
  const SeriesGroup& group() const;  ///< the tab that is shown

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void buildHeader(QWidget* header);
  void buildPlot();
  void showGroup(std::size_t group);
  void changed();       ///< draws anew soon; many calls make one drawing
  void grew();          ///< the same for new points, which can wait a little
  void redraw();
  void crossHairMoved();
  void updateTabs();
  void fitTabs();       ///< short titles where the long ones would be cut
  void updateEmptyState();
  void fitX();
  void applyTheme();
  void clickedAt(QPoint at);
  void clickedOnParent(const DrawnCurve& part, double x);

  CatalogClient& client_;
  Selection& selection_;
  XAxis& axis_;
  SeriesStore& store_;
  QCustomPlot* plot_ = nullptr;
  CurveFrame* frame_ = nullptr;
  QWidget* emptyState_ = nullptr;
  std::vector<QToolButton*> tabs_;
  QWidget* legend_ = nullptr;
  std::vector<std::string> runs_;
  FilteredHomePtr filter_ = std::make_shared<FilteredHome>();
  bool parentsShown_ = true;
  ChartScene scene_;
  std::size_t group_ = 0;
  bool logarithmic_ = false;
  QTimer redraw_;
  QElapsedTimer drawn_;  ///< since the last drawing
};

}  // namespace cairn::ui
