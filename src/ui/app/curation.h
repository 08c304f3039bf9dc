// Keeping a home in order: what leaves and comes back, what is hidden, which colour a run bears. Every act can be undone
// or asks first. GUI thread.
#pragma once

#include <QObject>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ui/app/verb_menu.h"

namespace cairn::ui {

class Actions;
class Banner;
class Selection;
class TrainingController;

class Curation : public QObject {
  Q_OBJECT

 public:
  /// Joins the actions of the same names.
  Curation(QWidget* window, Actions& actions, CatalogClient& client, TrainingController& controller, Selection& selection,
           Banner& banner);

  std::vector<Verb> verbs(const VerbTarget& target);  ///< for the menus

  void deleteCheckpoint(const std::string& checkpoint);  ///< into the trash; asks if it is its run's last good one
  void restoreCheckpoint(const std::string& checkpoint);
  void deleteRun(const std::string& run);  ///< into the trash, as a whole
  void restoreRun(const std::string& run);
  void setHidden(const std::string& run, bool hidden);
  void setColor(const std::string& run, std::optional<int> color);
  void openTrash();
  void openCleanUp(const std::string& run);  ///< "": of all runs
  void undo();                               ///< the newest act that the bar offers to undo

 private:
  void update();
  void askAboutLast(const core::RunRecord& run, const core::CheckpointRecord& checkpoint);
  void moveToTrash(const core::CheckpointRecord& checkpoint, bool evenLastGood);
  void offerUndo(const QString& key, const QString& done, std::function<void()> undo);
  void selectAnother(const std::string& hidden);
  void letGo(const std::string& run);
  QString whyNotDelete(const core::RunRecord& run) const;

  QWidget* window_;
  Actions& actions_;
  CatalogClient& client_;
  TrainingController& controller_;
  Selection& selection_;
  Banner& banner_;
  struct Undoable {
    QString key;  ///< of its notice
    std::function<void()> undo;
  };
  std::vector<Undoable> undoable_;  ///< oldest first
};

}  // namespace cairn::ui
