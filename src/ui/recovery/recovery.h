// What the window does where training did not go as it should: interrupted runs, data that is not what it was, proofs of
// a resume, steps made again, rewinding. Joins those parts to the window. GUI thread.
#pragma once

#include <QObject>
#include <string>

#include "core/error.h"

class QWidget;

namespace cairn::ui {

class Actions;
class Banner;
class CatalogClient;
class Recreations;
class RunCommands;
class Selection;
class TrainingController;
class WorkLine;
struct AskedJob;

class Recovery : public QObject {
  Q_OBJECT

 public:
  /// `line` stands under the banner.
  Recovery(QWidget* window, Banner& banner, WorkLine& line, CatalogClient& client, TrainingController& controller,
           Selection& selection, RunCommands& commands, Actions& actions);

  void recreate(const std::string& checkpoint);
  void rewind(const std::string& run);

 private:
  void askAboutData(const AskedJob& job, const Error& error);
  void update();

  QWidget* window_;
  CatalogClient& client_;
  TrainingController& controller_;
  Selection& selection_;
  Actions& actions_;
  Recreations* recreations_;
};

}  // namespace cairn::ui
