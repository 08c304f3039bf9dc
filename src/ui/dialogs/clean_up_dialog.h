// Shows what a keep policy would remove and how many bytes that frees, of one run or of all, and removes it when told
// to. GUI thread; the looking and the removing have a thread and a catalog connection of their own.
#pragma once

#include <QDialog>
#include <QTimer>
#include <string>

#include "ui/dialogs/clean_up_plan.h"
#include "ui/dialogs/latest_task.h"
#include "ui/home_snapshot.h"

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QTreeWidget;

namespace cairn::ui {

class CleanUpDialog : public QDialog {
  Q_OBJECT

 public:
  /// `run` is chosen at first; "": all runs.
  CleanUpDialog(const storage::Home& home, HomeSnapshotPtr snapshot, const std::string& run, QWidget* parent = nullptr);

  void reject() override;  ///< while files are removed: stops after the run at hand

 Q_SIGNALS:
  void cleanedUp();

 private:
  void fillScopes(const std::string& run);
  QWidget* makePolicy();
  QWidget* makeButtons();
  void look();
  void show(CleanUpPlan plan);
  void showRuns();
  void remove();
  void done(std::int64_t freed, bool whole);

  storage::Home home_;
  HomeSnapshotPtr snapshot_;
  CleanUpPlan plan_;
  QComboBox* scope_;
  QSpinBox* keepLast_;
  QSpinBox* keepBest_;
  QLabel* headline_;
  QTreeWidget* list_;
  QPushButton* remove_;
  QPushButton* close_;
  bool removing_ = false;
  QTimer soon_;
  LatestTask task_;  // last, so that it ends first
};

}  // namespace cairn::ui
