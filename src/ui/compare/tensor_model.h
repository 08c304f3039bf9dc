// The tensors that the compared checkpoints share, a row each, with how far one of them is from A. GUI thread.
#pragma once

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>
#include <memory>

#include "core/comparison.h"

namespace cairn::ui {

class TensorModel final : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Name, Shape, NormA, NormOther, Distance, Cosine, Largest, ColumnCount };
  enum Role {
    SortRole = Qt::UserRole,  ///< a number, or the name; invalid where there is none
    PartRole,                 ///< Distance: of the largest that is shown, 0 to 1
  };

  using QAbstractTableModel::QAbstractTableModel;

  /// `letters` of the checkpoints, A first.
  void set(std::shared_ptr<const core::WeightsComparison> weights, QStringList letters);
  void setOther(std::size_t other);  ///< which is compared with A: 1 to 3
  std::size_t other() const { return other_; }
  const core::TensorRow* row(int at) const;  ///< null beyond the end

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QVariant sortValue(const core::TensorRow& row, int column) const;
  QString shown(const core::TensorRow& row, int column) const;
  QString toolTip(const core::TensorRow& row, int column) const;

  std::shared_ptr<const core::WeightsComparison> weights_;
  QStringList letters_;
  std::size_t other_ = 1;
  double largest_ = 0;  ///< relative distance of any
};

/// Sorts tensors by any column; those without a value stand last either way.
class TensorSorter final : public QSortFilterProxyModel {
  Q_OBJECT

 public:
  using QSortFilterProxyModel::QSortFilterProxyModel;
  /// With an arrow behind the name of the column that it is sorted by.
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 protected:
  bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;
};

/// "64×32×3×3"; "scalar" for none.
QString shapeText(const std::vector<std::int64_t>& shape);
/// "[41, 7, 1, 2]"
QString indexText(const std::vector<std::int64_t>& index);
/// Three significant digits, "–" where there is none.
QString shortNumber(std::optional<double> value);

}  // namespace cairn::ui
