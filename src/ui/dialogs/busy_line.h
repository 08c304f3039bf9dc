// One line that says what is being done, how far it is, and can cancel it; hidden while nothing is. GUI thread.
#pragma once

#include <QWidget>

#include "ui/dialogs/latest_task.h"

class QLabel;
class QProgressBar;

namespace cairn::ui {

class BusyLine : public QWidget {
  Q_OBJECT

 public:
  explicit BusyLine(LatestTask& task, QWidget* parent = nullptr);

 private:
  void showProgress(const QString& phase, qint64 done, qint64 total);

  QLabel* phase_;
  QProgressBar* bar_;
};

}  // namespace cairn::ui
