// What the trash holds, as a table. GUI thread.
#pragma once

#include <QAbstractTableModel>
#include <string>
#include <vector>

#include "storage/catalog.h"

namespace cairn::ui {

struct TrashRow {
  storage::TrashEntry entry;  ///< of a run as a whole: with what all its files take
  std::string run;            ///< its name
  std::int64_t step = 0;
  std::string runId = {};     ///< not "": the run as a whole
  std::int64_t checkpoints = 1;
};

class TrashModel final : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { RunColumn, StepColumn, SizeColumn, DeletedColumn, LeavesColumn, ColumnCount };
  enum Role { SortRole = Qt::UserRole };

  using QAbstractTableModel::QAbstractTableModel;

  void setRows(std::vector<TrashRow> rows);  ///< keeps what is selected if nothing changed
  const TrashRow& at(int row) const { return rows_[static_cast<std::size_t>(row)]; }
  std::int64_t totalBytes() const;
  QString whatItHolds() const;  ///< "2 runs and 3 checkpoints"

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<TrashRow> rows_;
};

/// "in 6 days", "within a day": when a file deleted at that time leaves for good.
QString leavesIn(const std::string& deletedAt);

}  // namespace cairn::ui
