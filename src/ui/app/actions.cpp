#include "ui/app/actions.h"

#include <QMenu>

#include "ui/theme.h"

namespace cairn::ui {

Actions::Actions(QWidget* window) : QObject(window), window_(window) {
  newRun = add(tr("&New run…"), "new", QKeySequence::New);
  inspectFile = add(tr("&Inspect file…"), "search", QKeySequence(tr("Ctrl+I")));
  importFile = add(tr("I&mport…"), "import", QKeySequence::Open);
  exportCheckpoint = add(tr("&Export the checkpoint…"), "export", QKeySequence(tr("Ctrl+Shift+E")));
  exportCurves = add(tr("Export c&urves…"), "chart", QKeySequence(tr("Ctrl+Shift+S")));
  report = add(tr("&Report of the run…"), "note", QKeySequence(tr("Ctrl+Shift+R")));
  startPage = add(tr("&Start page"), "", QKeySequence(tr("Ctrl+Home")));
  quit = add(tr("&Quit"), "", QKeySequence(tr("Ctrl+Q")));
  pauseResume = add(tr("&Pause"), "pause", QKeySequence(tr("Ctrl+P")));
  stop = add(tr("S&top"), "stop", QKeySequence(tr("Ctrl+.")));
  checkpointNow = add(tr("&Checkpoint now"), "flag", QKeySequence(tr("Ctrl+K")));
  resumeSelected = add(tr("&Resume the run"), "resume", QKeySequence(tr("Ctrl+R")));
  branchSelected = add(tr("&Branch from the checkpoint…"), "branch", QKeySequence(tr("Ctrl+B")));
  trainLonger = add(tr("Train &longer…"), "longer", QKeySequence(tr("Ctrl+Shift+L")));
  rewind = add(tr("Re&wind…"), "rewind", QKeySequence(tr("Ctrl+Shift+B")));
  recreateStep = add(tr("Re&create a step…"), "restore");
  deleteRun = add(tr("&Delete the run"), "trash");
  predict = add(tr("Predict &with it…"), "predict", QKeySequence(tr("Ctrl+E")));
  pin = add(tr("P&in the checkpoint"), "pin", QKeySequence(tr("Ctrl+D")));
  compare = add(tr("Co&mpare the ticked ones"), "compare", QKeySequence(tr("Ctrl+M")));
  verifyAll = add(tr("&Verify all files…"), "check");
  copySnippet = add(tr("Copy Python &snippet"), "text", QKeySequence(tr("Ctrl+Shift+C")));
  undo = add(tr("&Undo"), "undo", QKeySequence::Undo);
  moveToTrash = add(tr("&Move to trash"), "trash", QKeySequence::Delete);
  trash = add(tr("&Trash…"), "trash");
  cleanUp = add(tr("&Clean up…"), "broom");
  showHidden = add(tr("Show &hidden runs"), "");
  wholeFamily = add(tr("&Branches and parents with a run"), "");
  parentsPart = add(tr("&Parent's part of a branch's curve"), "");
  logY = add(tr("&Logarithmic values"), "", QKeySequence(tr("Ctrl+L")));
  fit = add(tr("&Fit all in view"), "fit", QKeySequence(tr("Ctrl+0")));
  findRun = add(tr("Fin&d a run"), "search", QKeySequence::Find);
  themeSystem = add(tr("As the &desktop"), "");
  themeLight = add(tr("&Light"), "");
  themeDark = add(tr("&Dark"), "");
  shortcuts = add(tr("&Keyboard shortcuts"), "", QKeySequence(Qt::Key_F1));
  about = add(tr("&About Cairn"), "info");

  for (auto* choice : {logY, showHidden, wholeFamily, parentsPart}) choice->setCheckable(true);
  wholeFamily->setChecked(true);
  parentsPart->setChecked(true);
  logY->setIconText(tr("Log"));
  newRun->setIconText(tr("New run"));
  auto* themes = new QActionGroup(this);
  for (auto* theme : {themeSystem, themeLight, themeDark}) {
    theme->setCheckable(true);
    themes->addAction(theme);
  }
  onSelection_ = new QActionGroup(this);
  onSelection_->setExclusionPolicy(QActionGroup::ExclusionPolicy::None);
  for (auto* action : {exportCheckpoint, exportCurves, report, resumeSelected, branchSelected, trainLonger, rewind,
                       recreateStep, deleteRun, predict, pin, copySnippet, moveToTrash}) {
    onSelection_->addAction(action);
  }
  connect(&Theme::instance(), &Theme::changed, this, &Actions::dress);
  dress();
}

void Actions::setSelectionInSight(bool inSight) {
  if (inSight == selectionInSight()) return;
  onSelection_->setEnabled(inSight);
  Q_EMIT selectionInSightChanged();
}

QAction* Actions::add(const QString& words, const char* icon, const QKeySequence& shortcut) {
  auto* action = new QAction(words, this);
  action->setShortcut(shortcut);
  action->setProperty("iconName", QString::fromLatin1(icon));
  auto plain = words;
  plain.remove(QLatin1Char('&'));
  const auto keys = shortcut.toString(QKeySequence::NativeText);
  action->setToolTip(keys.isEmpty() ? plain : tr("%1 (%2)").arg(plain, keys));
  window_->addAction(action);
  all_.push_back(action);
  return action;
}

void Actions::dress() {
  const auto& theme = Theme::instance();
  for (auto* action : all_) {
    const auto icon = action->property("iconName").toString();
    if (icon.isEmpty()) continue;
    action->setIcon(theme.icon(icon));
  }
}

void Actions::fillMenuBar(QMenuBar& bar) const {
  const auto fill = [](QMenu* menu, std::initializer_list<QAction*> actions) {
    for (auto* action : actions) {
      if (action) {
        menu->addAction(action);
      } else {
        menu->addSeparator();
      }
    }
  };
  fill(bar.addMenu(tr("&File")),
       {newRun, startPage, nullptr, importFile, exportCheckpoint, inspectFile, nullptr, exportCurves, report, nullptr, undo, nullptr,
        cleanUp, trash, nullptr, quit});
  fill(bar.addMenu(tr("&Training")),
       {pauseResume, stop, checkpointNow, nullptr, resumeSelected, trainLonger, nullptr, rewind, recreateStep, nullptr, deleteRun});
  fill(bar.addMenu(tr("&Checkpoint")),
       {branchSelected, predict, pin, compare, nullptr, copySnippet, nullptr, moveToTrash, nullptr, verifyAll});
  auto* view = bar.addMenu(tr("&View"));
  fill(view, {findRun, showHidden, nullptr, logY, fit, wholeFamily, parentsPart, nullptr});
  fill(view->addMenu(tr("&Theme")), {themeSystem, themeLight, themeDark});
  fill(bar.addMenu(tr("&Help")), {shortcuts, about});
}

}  // namespace cairn::ui
