// Every command of the window with its words, icon and shortcut: menus, toolbar and the list of shortcuts share them.
// GUI thread.
#pragma once

#include <QAction>
#include <QActionGroup>
#include <QMenuBar>
#include <QObject>
#include <vector>

namespace cairn::ui {

class Actions : public QObject {
  Q_OBJECT

 public:
  explicit Actions(QWidget* window);

  QAction *newRun, *inspectFile, *importFile, *exportCheckpoint, *exportCurves, *report, *startPage, *quit;
  QAction *pauseResume, *stop, *checkpointNow;
  QAction *resumeSelected, *branchSelected, *trainLonger, *rewind, *recreateStep, *deleteRun;
  QAction *predict, *pin, *compare, *copySnippet, *verifyAll;
  QAction *undo, *moveToTrash, *trash, *cleanUp;
  QAction *logY, *fit, *findRun, *showHidden, *wholeFamily, *parentsPart;
  QAction *themeSystem, *themeLight, *themeDark;
  QAction *shortcuts, *about;

  void fillMenuBar(QMenuBar& bar) const;
  const std::vector<QAction*>& all() const { return all_; }
  /// Whether what is selected can be seen. While it cannot, what would act on it is disabled, whoever enables it.
  void setSelectionInSight(bool inSight);
  bool selectionInSight() const { return onSelection_->isEnabled(); }

 Q_SIGNALS:
  void selectionInSightChanged();

 private:
  QAction* add(const QString& text, const char* icon, const QKeySequence& shortcut = {});
  void dress();

  QWidget* window_;
  std::vector<QAction*> all_;
  QActionGroup* onSelection_;
};

}  // namespace cairn::ui
