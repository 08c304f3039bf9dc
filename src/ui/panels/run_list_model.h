// The home's runs as a tree by lineage: a branch stands under the run that it left. GUI thread.
#pragma once

#include <QAbstractItemModel>
#include <QPolygonF>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ui/home_snapshot.h"

namespace cairn::ui {

class RunListModel final : public QAbstractItemModel {
  Q_OBJECT

 public:
  enum Column { RunColumn, ColumnCount };
  enum Role {
    IdRole = Qt::UserRole,  ///< QString
    StatusRole,             ///< int of core::RunStatus
    DetailRole,             ///< QString: the second line
    ColorRole,              ///< QColor
    ProofRole,              ///< int: 1 repeated steps were identical, -1 some were not, 0 none were repeated
    HiddenRole,             ///< bool
    CurveRole,              ///< QPolygonF in the unit square, y downwards; empty: none
  };

  explicit RunListModel(QObject* parent = nullptr);
  ~RunListModel() override;

  /// New runs are inserted and changed ones announced, so that selection and scrolling stay. Where one left, or came back to
  /// stand over others, all is reset.
  void setSnapshot(HomeSnapshotPtr snapshot);
  void setCurve(const std::string& run, QPolygonF curve);
  QModelIndex indexOf(const std::string& run) const;
  const core::RunRecord* record(const QModelIndex& index) const;

  QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
  QModelIndex parent(const QModelIndex& index) const override;
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  /// Only asks for another name: it is shown once it is on record.
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;
  void setWritable(bool writable) { writable_ = writable; }

 Q_SIGNALS:
  void curveAsked(const std::string& run) const;  ///< a view draws that run
  void renameAsked(const std::string& run, const std::string& name);

 private:
  struct Node;
  Node* nodeOf(const QModelIndex& index) const;
  void insert(const core::RunRecord& run);
  bool onlyGrows(const HomeSnapshot& next) const;
  void rebuild();
  Node* overOf(const core::RunRecord& run) const;  ///< the run that it stands under, or the root
  int newRow(const Node& under) const;
  void put(const core::RunRecord& run, Node& under);
  void announceChanges(const HomeSnapshot& before);

  bool writable_ = true;
  HomeSnapshotPtr snapshot_;
  std::unique_ptr<Node> root_;
  std::map<std::string, Node*> nodes_;  // by run id
  std::map<std::string, QPolygonF> curves_;
};

/// The second line of a run: its best value and how far it is, or where it left its parent.
QString runDetail(const core::RunRecord& run);

}  // namespace cairn::ui
