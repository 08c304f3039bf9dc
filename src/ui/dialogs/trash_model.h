// What the trash holds, as a table. GUI thread.
#pragma once

#include <QAbstractTableModel>
#include <string>
#include <vector>

#include "storage/catalog.h"

namespace cairn::ui {

struct TrashRow {
  storage::TrashEntry entry;
  std::string run;  ///< its name
  std::int64_t step = 0;
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
