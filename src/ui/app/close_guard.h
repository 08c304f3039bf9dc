// Closing while a run trains: asks, then has it stopped with a checkpoint before the window goes. GUI thread.
#pragma once

#include <QObject>

class QCloseEvent;
class QDialog;
class QWidget;

namespace cairn::ui {

class TrainingController;

class CloseGuard : public QObject {
  Q_OBJECT

 public:
  CloseGuard(QWidget* window, TrainingController& controller);
  /// Accepts the event if nothing trains; else asks, and closes the window once all is saved.
  void handle(QCloseEvent* event);

 private:
  void ask();
  void saveAndClose();

  QWidget* window_;
  TrainingController& controller_;
  QDialog* open_ = nullptr;  // the question, or the progress after it
  bool saved_ = false;
};

}  // namespace cairn::ui
