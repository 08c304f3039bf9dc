// Reads every checkpoint file of the home whole and says which are bad, with progress and a way out. GUI thread; the
// reading has a thread and a catalog connection of its own, so that the window's are free meanwhile.
#pragma once

#include <QDialog>
#include <string>
#include <vector>

#include "storage/home.h"
#include "ui/dialogs/latest_task.h"
#include "ui/home_snapshot.h"

class QLabel;
class QListWidget;
class QPushButton;

namespace cairn::ui {

class VerifyDialog : public QDialog {
  Q_OBJECT

 public:
  /// Begins at once, with the files that `snapshot` says are there.
  VerifyDialog(const storage::Home& home, HomeSnapshotPtr snapshot, QWidget* parent = nullptr);

 private:
  struct Result {
    int checked = 0;
    std::vector<std::string> bad;  ///< ids
  };
  void begin();
  void show(const Result& result);
  void say(const QString& outcome);

  storage::Home home_;
  HomeSnapshotPtr snapshot_;
  QLabel* headline_;
  QListWidget* bad_;
  QPushButton* again_;
  bool told_ = false;  ///< how the reading ended
  LatestTask task_;    // last, so that it ends first
};

}  // namespace cairn::ui
