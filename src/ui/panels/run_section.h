// The inspector's part on the selected run: how far it is, its values now, and its settings. GUI thread.
#pragma once

#include <QWidget>
#include <optional>
#include <string>

#include "ui/app/live_run.h"
#include "ui/home_snapshot.h"

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace cairn::ui {

class FactTable;
class ProofBadge;

class RunSection : public QWidget {
  Q_OBJECT

 public:
  explicit RunSection(QWidget* parent = nullptr);
  /// `live` is null unless this process trains it.
  void show(const HomeSnapshot& snapshot, const core::RunRecord& run, const LiveRun* live, bool readOnly);
  /// Its buttons to go on are left out while the checkpoint's section above offers the same.
  void setVerbsOffered(bool offered) { verbsOffered_ = offered; }

 Q_SIGNALS:
  void lrEdited(double lr);
  void resumeRequested(const std::string& run);
  void trainLongerRequested(const std::string& run);
  void predictRequested(const std::string& checkpoint);
  void moreRequested(const std::string& run, const QPoint& global);
  void rewindRequested(const std::string& run);

 private:
  void showProgress(const core::RunRecord& run, const LiveRun* live);
  void showLr(const core::RunRecord& run, const LiveRun* live);
  void applyLr();
  void dress();

  std::string run_, bestCheckpoint_;
  bool verbsOffered_ = true;
  QLabel* heading_;
  QToolButton* more_;
  QProgressBar* bar_;
  QLabel* progress_;
  QLabel* failure_;
  QPushButton* resume_;
  QPushButton* longer_;
  QPushButton* predict_;
  QPushButton* rewind_;
  ProofBadge* proof_;
  FactTable* values_;
  QWidget* lrRow_;
  QLineEdit* lr_;
  QLabel* lrError_;
  QLabel* settingsHeading_;
  FactTable* settings_;
};

}  // namespace cairn::ui
