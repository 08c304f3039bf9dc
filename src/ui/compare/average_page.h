// The comparison's last page: makes a new checkpoint of the mean of those compared, ready to branch from. GUI thread;
// the work is done on another.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "training/comparison.h"
#include "ui/compare/compare_page.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QTableWidget;

namespace cairn::ui {

class CatalogClient;

class AveragePage final : public ComparePage {
  Q_OBJECT

 public:
  explicit AveragePage(CatalogClient& client, QWidget* parent = nullptr);
  QString title() const override { return tr("Average"); }
  QString fileName() const override { return QStringLiteral("average"); }
  QByteArray toCsv() const override;  ///< the average beside what it was made of
  bool hasTable() const override;

 Q_SIGNALS:
  void branchRequested(const std::string& checkpoint);
  void showRequested(const std::string& run, const std::string& checkpoint);

 protected:
  void begin() override;
  void recordsChanged() override;

 private:
  /// What was measured of those that were averaged, and of the average last; NaN where it was not.
  struct FigureRow {
    std::string series;
    std::vector<double> values;
  };

  QWidget* makeForm();
  QWidget* makeResult();
  void describe();
  void ask();
  void make();
  void made(const std::shared_ptr<SharedComparison>& of, const training::Averaged& averaged);
  void show(const training::Averaged& averaged);
  void showFigures();

  CatalogClient& client_;
  QLabel* what_;
  QLineEdit* name_;
  QPushButton* make_;
  QWidget* form_;
  QWidget* result_;
  QLabel* made_;
  QTableWidget* figures_;
  QLabel* notes_;
  QPushButton* branch_;
  std::vector<FigureRow> rows_;
  std::string run_, checkpoint_;  ///< what was made
  std::map<std::vector<std::string>, training::Averaged> averages_;  ///< by what they are of, as long as the window lives
};

}  // namespace cairn::ui
