// `cairn --screenshot`: brings the window into the state that was asked for, draws it to a file and ends the program.
// GUI thread.
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <optional>
#include <string>
#include <vector>

#include "core/records.h"

namespace cairn::ui {

class MainWindow;

struct ScreenshotOptions {
  QString file;        ///< where the picture goes
  QString checkpoint;  ///< to select, as cairnctl names checkpoints; "" for none
  QString dialog;      ///< "new-run" or ""
  QStringList compared;  ///< checkpoints to compare, as cairnctl names them; empty for none
  QString comparePage;   ///< its page, as its export is named: "weights"
};

class Screenshot : public QObject {
  Q_OBJECT

 public:
  Screenshot(MainWindow& window, ScreenshotOptions options);

 private:
  /// What the options' references stand for.
  struct Named {
    std::optional<core::CheckpointRecord> selected;
    std::vector<std::string> compared;  ///< ids
  };
  void onSnapshot();
  void show(const Named& named);
  void settle(int rounds);
  void openDialog();
  void draw();
  void fail(const QString& why);

  MainWindow& window_;
  ScreenshotOptions options_;
  bool begun_ = false;
};

}  // namespace cairn::ui
