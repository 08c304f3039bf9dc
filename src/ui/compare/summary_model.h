// Metrics and settings of the compared checkpoints, a row each, a column a checkpoint. GUI thread.
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "ui/compare/compared.h"

namespace cairn::ui {

class SummaryModel final : public QAbstractTableModel {
  Q_OBJECT

 public:
  using QAbstractTableModel::QAbstractTableModel;

  struct Row {
    QString name;
    QStringList values, exact;  ///< one a checkpoint; `exact` for tool tips and CSV
    std::vector<std::size_t> best;
    QString why;           ///< no best one is marked: other losses, other data
    bool heading = false;  ///< spans all columns
    bool differs = true;
  };

  void set(const ComparedItems& items, bool allSettings);
  const std::vector<Row>& rows() const { return rows_; }
  int equalSettings() const { return equalSettings_; }  ///< how many settings all share
  QByteArray toCsv() const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;

 private:
  ComparedItems items_;
  std::vector<Row> rows_;
  int equalSettings_ = 0;
};

}  // namespace cairn::ui
