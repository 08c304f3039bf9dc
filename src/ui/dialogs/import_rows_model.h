// Which tensor of a file became which of the model's, as a table shows it: a row a tensor, problems marked. GUI thread.
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "engine/face/import_plan.h"

namespace cairn::ui {

class ImportRowsModel final : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { InFile, Shape, Type, InModel, Match, ColumnCount };

  explicit ImportRowsModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

  void setRows(std::vector<engine::ImportRow> rows);
  int firstProblem() const;  ///< row; -1 if all fit

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QString textOf(const engine::ImportRow& row, int column) const;

  std::vector<engine::ImportRow> rows_;
};

}  // namespace cairn::ui
