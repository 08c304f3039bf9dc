// The comparison's second page: the runs' series laid over each other. GUI thread.
#pragma once

#include <vector>

#include "ui/compare/compare_page.h"

class QComboBox;
class QLabel;
class QSlider;
class QToolButton;

namespace cairn::ui {

class CatalogClient;
class CurvesPlot;

class CurvesPage final : public ComparePage {
  Q_OBJECT

 public:
  explicit CurvesPage(CatalogClient& client, QWidget* parent = nullptr);
  QString title() const override { return tr("Curves"); }
  QString fileName() const override { return QStringLiteral("curves"); }
  Write tableWriter() const override;
  bool hasTable() const override;
  CurvesPlot& plot() { return *plot_; }

 protected:
  void begin() override;
  void leave() override;
  void recordsChanged() override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  QWidget* makeHeader();
  void showGroup(std::size_t group);
  void updateTabs();
  void applyTheme();

  CatalogClient& client_;
  CurvesPlot* plot_;
  QWidget* header_ = nullptr;
  std::vector<QToolButton*> tabs_;
  QComboBox* align_ = nullptr;
  QToolButton* log_ = nullptr;
  QSlider* smoothing_ = nullptr;
  QWidget* legend_ = nullptr;
  QLabel* empty_ = nullptr;
  std::size_t group_ = 0;
};

}  // namespace cairn::ui
