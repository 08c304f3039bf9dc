// The left side of the window: the runs of the home, with a filter. GUI thread.
#pragma once

#include <QWidget>
#include <string>
#include <vector>

#include "ui/catalog_client.h"
#include "ui/filter/home_filter.h"
#include "ui/selection.h"

class QLabel;
class QLineEdit;
class QTreeView;

namespace cairn::ui {

class RunListModel;
class RunFilterProxy;
class Sparklines;

class RunListPanel : public QWidget {
  Q_OBJECT

 public:
  RunListPanel(CatalogClient& client, Selection& selection, QWidget* parent = nullptr);

  /// The selected runs with their families, oldest first, but for what is hidden: what chart and timeline show.
  const std::vector<std::string>& shownRuns() const { return shown_; }
  void focusFilter();
  void setHiddenShown(bool shown);
  void setFamiliesShown(bool shown);  ///< with a selected run its whole family, or itself alone

 Q_SIGNALS:
  void shownRunsChanged();
  void filterChanged(cairn::ui::FilteredHomePtr filtered);
  void contextMenuRequested(const std::string& run, const QPoint& global);

 private:
  void onSnapshot();
  void onPersonSelected();
  void followSelection();
  void updateShown();
  void applyFilter();
  void showProblem();
  bool isInSight(const std::string& run) const;
  std::vector<std::string> selectedRuns() const;

  CatalogClient& client_;
  Selection& selection_;
  RunListModel* model_;
  RunFilterProxy* proxy_;
  Sparklines* sparklines_;
  QLineEdit* filter_;
  QTreeView* tree_;
  QLabel* problem_;
  QLabel* nothing_;
  HomeFilter wanted_;
  FilteredHomePtr filtered_ = std::make_shared<FilteredHome>();
  bool hiddenShown_ = false, familiesShown_ = true;
  std::vector<std::string> shown_;
  bool growing_ = false;  ///< rows are being put in
};

/// The runs that share a root with one of `runs`, in the snapshot's order.
std::vector<std::string> familiesOf(const HomeSnapshot& snapshot, const std::vector<std::string>& runs);

}  // namespace cairn::ui
