// The trash: what lies in it with its size, ways back, and the end. GUI thread; files move on the catalog's.
#pragma once

#include <QDialog>
#include <string>
#include <vector>

class QLabel;
class QPushButton;
class QSortFilterProxyModel;
class QTreeView;

namespace cairn::ui {

class CatalogClient;
class TrashModel;
struct TrashRow;

class TrashDialog : public QDialog {
  Q_OBJECT

 public:
  explicit TrashDialog(CatalogClient& client, QWidget* parent = nullptr);

 private:
  void buildTable();
  void buildLayout();
  void read();
  void update();
  void restoreSelected();
  void askToEmpty();
  void empty();
  std::vector<TrashRow> selected() const;

  CatalogClient& client_;
  TrashModel* model_;
  QSortFilterProxyModel* sorted_;
  QLabel* headline_;
  QTreeView* table_;
  QPushButton* restore_;
  QPushButton* empty_;
  bool read_ = false;  ///< what is in it is known
};

}  // namespace cairn::ui
