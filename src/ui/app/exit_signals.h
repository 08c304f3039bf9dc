// The signals that ask a program to end, told on the GUI thread. One at a time exists. Made and destroyed on the GUI thread.
#pragma once

#include <QObject>
#include <csignal>
#include <map>

namespace cairn::ui {

class ExitSignals : public QObject {
  Q_OBJECT

 public:
  /// Catches SIGTERM, SIGINT and SIGHUP from now on, but for those that the process was started to ignore (nohup).
  explicit ExitSignals(QObject* parent = nullptr);
  ~ExitSignals() override;

 Q_SIGNALS:
  void arrived(int signal);

 private:
  void take();

  int readEnd_ = -1;
  std::map<int, struct sigaction> before_;
};

}  // namespace cairn::ui
