// The tree of an inspected file as a view shows it, and a filter that keeps what leads to a match. GUI thread.
#pragma once

#include <QAbstractItemModel>
#include <QSortFilterProxyModel>
#include <memory>
#include <vector>

#include "storage/inspection.h"

namespace cairn::ui {

class InspectionModel final : public QAbstractItemModel {
  Q_OBJECT

 public:
  enum Column { Name, Type, Value, Size, ColumnCount };
  enum Role { SortRole = Qt::UserRole, WarningRole };

  explicit InspectionModel(QObject* parent = nullptr) : QAbstractItemModel(parent) {}

  void setInspection(std::shared_ptr<const storage::Inspection> inspection);

  QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
  QModelIndex parent(const QModelIndex& child) const override;
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex&) const override { return ColumnCount; }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  struct Item {
    const storage::InspectedNode* node = nullptr;
    Item* parent = nullptr;
    int row = 0;
    std::vector<std::unique_ptr<Item>> children;
    std::uint64_t bytes = 0;  ///< of the tensors in and below it, shared ones once
  };
  void fill(Item& item);
  const Item& itemOf(const QModelIndex& index) const;
  static QString textOf(const Item& item, int column);

  std::shared_ptr<const storage::Inspection> inspection_;  // what the items point into
  Item root_;
};

/// Sorts by what the columns mean; `setFilter` keeps rows whose name or type holds the text, and the rows around them.
class InspectionFilter final : public QSortFilterProxyModel {
  Q_OBJECT

 public:
  explicit InspectionFilter(QObject* parent = nullptr);
  void setFilter(const QString& text);

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

 private:
  QString text_;
};

}  // namespace cairn::ui
