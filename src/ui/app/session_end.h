// The end of the desktop session, or a signal that asks the program to end: what trains is saved and stopped first, or it is
// said why not. GUI thread.
#pragma once

#include <QObject>

#include "core/error.h"

class QSessionManager;

namespace cairn::ui {

class CloseGuard;
class TrainingController;

class SessionEnd : public QObject {
  Q_OBJECT

 public:
  SessionEnd(CloseGuard& guard, TrainingController& controller, QObject* parent);

 private:
  void onSignal(int signal);
  void onCommit(QSessionManager& manager);

  CloseGuard& guard_;
  TrainingController& controller_;
  bool bySignal_ = false;  // one came: the next ends the program at once
};

}  // namespace cairn::ui
