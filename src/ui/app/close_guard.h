// The end of the program while a run trains: asks where there is somebody to ask, has it stopped with a checkpoint, and says
// why where that cannot be saved. GUI thread.
#pragma once

#include <QObject>
#include <QPointer>

#include "core/events.h"

class QCloseEvent;
class QDialog;
class QWidget;

namespace cairn::ui {

class CatalogClient;
class SavingDialog;
class TrainingController;

class CloseGuard : public QObject {
  Q_OBJECT

 public:
  CloseGuard(QWidget* window, TrainingController& controller, CatalogClient& client);
  /// Accepts the event if nothing trains; else asks, and closes the window once all is saved.
  void handle(QCloseEvent* event);

  enum class Then { Close, Stay };
  /// Stops what trains, with a checkpoint, and asks nobody: saved() follows, perhaps at once, or stayed().
  void save(Then then);

 Q_SIGNALS:
  void saved();                            ///< nothing trains any more, and all is durable or given up
  void cannotSave(const cairn::Error& why);  ///< the person is asked meanwhile, and it is tried again
  void stayed();                           ///< the person would rather not end the program

 private:
  void ask();
  void onIdle();
  void onTrouble(const core::StorageTrouble& trouble);
  void stay();
  QString whatIsLost() const;

  QWidget* window_;
  TrainingController& controller_;
  CatalogClient& client_;
  QPointer<QDialog> question_;
  QPointer<SavingDialog> saving_;
  Then then_ = Then::Close;
};

}  // namespace cairn::ui
