// The comparison's third page: how far each tensor moved, and the selected one closely. GUI thread; reading and
// arithmetic on threads of their own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/comparison.h"
#include "ui/compare/compare_page.h"

class QLabel;
class QTableView;
class QTableWidget;
class QToolButton;

namespace cairn::ui {

class TensorDetailPanel;
class TensorModel;
class TensorSorter;

class WeightsPage final : public ComparePage {
  Q_OBJECT

 public:
  explicit WeightsPage(QWidget* parent = nullptr);
  QString title() const override { return tr("Weights"); }
  QString fileName() const override { return QStringLiteral("weights"); }
  QByteArray toCsv() const override;

 protected:
  void begin() override;
  void stop() override;
  void leave() override;
  void recordsChanged() override;

 private:
  QWidget* makeTable();
  void show(std::shared_ptr<const core::WeightsComparison> weights);
  void showOthers();
  void setOther(std::size_t other);
  void showOnlyIn();
  void selected();
  void showDetail();
  void fitColumns();
  QString summary() const;

  std::shared_ptr<const core::WeightsComparison> weights_;
  TensorModel* model_;
  TensorSorter* sorter_;
  QTableView* table_;
  QWidget* others_;
  std::vector<QToolButton*> otherButtons_;
  QLabel* summary_;
  QLabel* onlyInHeading_;
  QTableWidget* onlyIn_;
  TensorDetailPanel* detail_;
  std::string tensor_;                                 ///< the one that is selected
  std::shared_ptr<const core::TensorDetail> closeUp_;  ///< of tensor_; null until it is computed
  LatestTask closely_;                                 // last, so that it ends first
};

}  // namespace cairn::ui
