// The curves of the compared runs over one axis, with each checkpoint's letter where it stands: zoom, pan and
// cross-hair as in the window's chart. GUI thread.
#pragma once

#include <QTimer>
#include <QWidget>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ui/chart/chart_scene.h"
#include "ui/compare/alignment.h"
#include "ui/compare/compared.h"
#include "ui/x_axis.h"

class QCustomPlot;

namespace cairn::ui {

class CatalogClient;
class CurveFrame;
class SeriesStore;

/// A checkpoint's place on its curve.
struct LetterMark {
  QString letter;
  QColor color;
  double x = 0, y = 0;
};

class CurvesPlot : public QWidget {
  Q_OBJECT

 public:
  explicit CurvesPlot(CatalogClient& client, QWidget* parent = nullptr);
  ~CurvesPlot() override;

  void setItems(const ComparedItems& items);
  void setGroup(std::size_t group);  ///< of seriesGroups()
  void setAlignment(Alignment alignment);
  void setLogY(bool logarithmic);
  void setSmoothing(double weight);

  const SeriesStore& store() const { return *store_; }
  const ChartScene& scene() const { return scene_; }
  const std::vector<LetterMark>& letters() const { return letters_; }
  const std::vector<std::string>& runs() const { return runs_; }  ///< each once, in order of the letters
  XAxis& axis() { return axis_; }
  QCustomPlot& plot() { return *plot_; }

 Q_SIGNALS:
  void drawn();  ///< the scene is new

 private:
  void buildPlot();
  void changed();
  void redraw();
  void placeCurves();
  void placeLetters();
  void fit();
  void crossHairMoved();
  double shiftOf(const std::string& run) const;

  CatalogClient& client_;
  SeriesStore* store_;
  XAxis axis_;
  QCustomPlot* plot_;
  CurveFrame* frame_ = nullptr;
  ComparedItems items_;
  std::vector<std::string> runs_;
  ChartScene scene_;
  std::vector<LetterMark> letters_;
  Alignment alignment_ = Alignment::Step;
  std::map<std::string, std::int64_t> branchPoints_;
  std::size_t group_ = 0;
  bool logarithmic_ = true;
  QTimer redraw_;
};

}  // namespace cairn::ui
