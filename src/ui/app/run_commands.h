// What a person can do with runs and checkpoints, dialogs and menus included. GUI thread.
#pragma once

#include <QObject>
#include <QPoint>
#include <QString>
#include <string>

#include "core/run_spec.h"

class QWidget;

namespace cairn::ui {

class Banner;
class CatalogClient;
class Selection;
class TrainingController;
class VerbMenu;

class RunCommands : public QObject {
  Q_OBJECT

 public:
  RunCommands(QWidget* window, CatalogClient& client, TrainingController& controller, Selection& selection,
              Banner& banner);

  /// Opens the dialog, filled with `initial` if given; the run starts as it is accepted.
  void newRun(const core::RunSpec* initial = nullptr);
  void startExample(const QString& name);
  void resume(const std::string& run);
  void branch(const std::string& checkpoint);
  void trainLonger(const std::string& run);
  void predict(const std::string& checkpoint);
  void setPinned(const std::string& checkpoint, bool pinned);
  void verify(const std::string& checkpoint);
  void verifyAll();
  void renameRun(const std::string& run);

  void editNote(const std::string& run, const std::string& checkpoint);  ///< selects it; noteAsked follows

  /// The menu of a run or checkpoint: offer it what else can be done.
  VerbMenu& verbs() { return *verbs_; }
  void showRunMenu(const std::string& run, const QPoint& global);
  void showCheckpointMenu(const std::string& checkpoint, const QPoint& global);

 Q_SIGNALS:
  void noteAsked();  ///< of what is selected

 private:
  /// The name, with a number behind it where another run has it: lists tell them apart.
  std::string freeName(const std::string& name) const;
  void start(core::RunSpec spec);

  QWidget* window_;
  CatalogClient& client_;
  TrainingController& controller_;
  Selection& selection_;
  Banner& banner_;
  VerbMenu* verbs_;
};

}  // namespace cairn::ui
