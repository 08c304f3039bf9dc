// How well each checkpoint predicts and how often they agree: the left side of the predictions page. GUI thread.
#pragma once

#include <QWidget>
#include <vector>

#include "core/predictions.h"
#include "ui/compare/compared.h"

class QGridLayout;
class QLabel;
class QTableWidget;

namespace cairn::ui {

class ConfusionView;
class ShareBar;

class ResultsPanel : public QWidget {
  Q_OBJECT

 public:
  explicit ResultsPanel(QWidget* parent = nullptr);
  void show(const core::PredictionComparison& comparison, const ComparedItems& items);

 private:
  void showResults(const core::PredictionComparison& comparison, const ComparedItems& items);
  void showAgreement(const core::PredictionComparison& comparison, const ComparedItems& items);
  void showShares(const core::PredictionComparison& comparison, const ComparedItems& items);
  void showConfusion(const core::PredictionComparison& comparison, const ComparedItems& items);

  QLabel* data_;
  QTableWidget* results_;
  QLabel* agreement_;
  ShareBar* shares_;
  QLabel* shareWords_;
  QLabel* matrixCaption_;
  QGridLayout* matrices_;
  std::vector<ConfusionView*> confusion_;
  QLabel* notes_;
};

}  // namespace cairn::ui
