// The inspector's part on the selected checkpoint: what it is, and what can be done with it. GUI thread.
#pragma once

#include <QWidget>
#include <string>

#include "ui/home_snapshot.h"

class QLabel;
class QPushButton;
class QToolButton;

namespace cairn::ui {

class FactTable;

class CheckpointSection : public QWidget {
  Q_OBJECT

 public:
  explicit CheckpointSection(QWidget* parent = nullptr);
  /// `checkpoint` of `run`; `trains`: its run trains at this moment; `readOnly`: nothing can be started or changed.
  void show(const HomeSnapshot& snapshot, const core::CheckpointRecord& checkpoint, const core::RunRecord& run,
            bool trains, bool readOnly);

 Q_SIGNALS:
  void resumeRequested(const std::string& run);
  void branchRequested(const std::string& checkpoint);
  void trainLongerRequested(const std::string& run);
  void predictRequested(const std::string& checkpoint);
  void compareRequested(const std::string& checkpoint, const QPoint& global);  ///< where its menu may open
  void recreateRequested(const std::string& checkpoint);
  void pinRequested(const std::string& checkpoint, bool pinned);
  void moreRequested(const std::string& checkpoint, const QPoint& global);

 private:
  void showButtons(const core::CheckpointRecord& checkpoint, const core::RunRecord& run, bool newest, bool atItsEnd,
                   bool trains);
  void dress();

  std::string run_, checkpoint_;
  bool pinned_ = false;
  QLabel* heading_;
  QPushButton* resume_;
  QPushButton* branch_;
  QPushButton* longer_;
  QPushButton* predict_;
  QPushButton* compare_;
  QPushButton* recreate_;
  QToolButton* pin_;
  QToolButton* more_;
  QLabel* state_;
  FactTable* facts_;
};

}  // namespace cairn::ui
