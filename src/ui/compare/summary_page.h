// The comparison's first page: metrics with the best one marked, and the settings that differ. GUI thread.
#pragma once

#include "ui/compare/compare_page.h"

class QCheckBox;
class QLabel;
class QTableView;

namespace cairn::ui {

class CatalogClient;
class SummaryModel;

class SummaryPage final : public ComparePage {
  Q_OBJECT

 public:
  explicit SummaryPage(CatalogClient& client, QWidget* parent = nullptr);
  QString title() const override { return tr("Summary"); }
  QString fileName() const override { return QStringLiteral("summary"); }
  QByteArray toCsv() const override;

 protected:
  void begin() override { fill(); }
  void recordsChanged() override { fill(); }

 private:
  void fill();
  void fitColumns();

  CatalogClient& client_;
  SummaryModel* model_;
  QTableView* table_;
  QCheckBox* all_;
  QLabel* relation_;
};

}  // namespace cairn::ui
