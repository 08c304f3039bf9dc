// The line at the window's foot: speed, device, the newest checkpoint, and space. GUI thread.
#pragma once

#include <QStatusBar>

#include "ui/app/live_run.h"
#include "ui/home_snapshot.h"

class QLabel;
class QToolButton;

namespace cairn::ui {

class StatusLine : public QStatusBar {
  Q_OBJECT

 public:
  explicit StatusLine(QWidget* parent = nullptr);

  void setLive(const LiveRun& live, std::size_t queued);
  void setSnapshot(const HomeSnapshot& snapshot, bool readOnly);
  void setLastCheckpoint(const core::CheckpointRecord& checkpoint);
  void setWork(const QString& words);  ///< what is being done at the start; "" when done

 Q_SIGNALS:
  void spacePressed();

 private:
  QLabel* work_;
  QLabel* speed_;
  QLabel* device_;
  QLabel* checkpoint_;
  QToolButton* space_;
};

}  // namespace cairn::ui
