// The comparison's fourth page: how well each predicts on the same samples, how often they agree, and where they do
// not. GUI thread; the models run on another.
#pragma once

#include <memory>
#include <optional>

#include "core/predictions.h"
#include "ui/compare/compare_page.h"

class QComboBox;
class QLabel;
class QTableView;

namespace cairn::ui {

class ResultsPanel;
class SampleModel;

class PredictionsPage final : public ComparePage {
  Q_OBJECT

 public:
  explicit PredictionsPage(QWidget* parent = nullptr);
  QString title() const override { return tr("Predictions"); }
  QString fileName() const override { return QStringLiteral("predictions"); }
  QByteArray toCsv() const override;

 protected:
  void begin() override;
  void leave() override;
  void recordsChanged() override;

 private:
  QWidget* makeResults();
  QWidget* makeSamples();
  void evaluate(std::optional<std::size_t> dataOf);
  void show(std::shared_ptr<const core::PredictionComparison> comparison);
  void fillData();
  void fitColumns();
  QString heading() const;  ///< of the samples

  std::shared_ptr<const core::PredictionComparison> comparison_;
  QComboBox* data_;
  ResultsPanel* results_;
  QLabel* heading_;
  SampleModel* model_;
  QTableView* table_;
};

}  // namespace cairn::ui
