// Keeps the window's commands true to what trains and what is selected, and passes them on. GUI thread.
#pragma once

#include <QObject>

#include "ui/app/actions.h"
#include "ui/app/run_commands.h"
#include "ui/app/training_controller.h"
#include "ui/catalog_client.h"
#include "ui/selection.h"

namespace cairn::ui {

class LiveActions : public QObject {
  Q_OBJECT

 public:
  LiveActions(Actions& actions, TrainingController& controller, CatalogClient& client, Selection& selection,
              RunCommands& commands, QObject* parent);
  void update();

 private:
  enum class PauseMeans { Pause, ResumeLive, ResumeSelected, Nothing };
  PauseMeans pauseMeaning() const;
  void showPauseResume(PauseMeans meaning);
  void onPauseResume();
  bool selectedIsResumable() const;

  Actions& actions_;
  TrainingController& controller_;
  CatalogClient& client_;
  Selection& selection_;
  RunCommands& commands_;
};

}  // namespace cairn::ui
