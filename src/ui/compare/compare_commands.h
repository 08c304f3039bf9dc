// How the window comes to the comparison and back: the Compare verb, what it says, and what is asked for there. GUI
// thread.
#pragma once

#include <QObject>
#include <vector>

#include "ui/app/verb_menu.h"

class QStackedWidget;
class QToolButton;
class QWidget;

namespace cairn::ui {

class Actions;
class Banner;
class CatalogClient;
class CompareView;
class RunCommands;
class Selection;
class ToolStrip;

class CompareCommands : public QObject {
  Q_OBJECT

 public:
  /// Puts the view into `pages`, and the verb's button into `tools` while something is ticked.
  CompareCommands(QStackedWidget& pages, ToolStrip& tools, Actions& actions, CatalogClient& client,
                  Selection& selection, RunCommands& runs, Banner& banner, QObject* parent);

  void open();  ///< if two or more are ticked
  void close();
  CompareView& view() { return *view_; }
  /// The entry of a checkpoint's menu: those that are ticked, or it with the one that is ticked or selected.
  std::vector<Verb> verbs(const VerbTarget& target);

 private:
  void update();

  QStackedWidget& pages_;
  Actions& actions_;
  Selection& selection_;
  CompareView* view_;
  QToolButton* button_;
};

}  // namespace cairn::ui
