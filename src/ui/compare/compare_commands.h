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
  /// Puts the view into `pages` once it is wanted, and the verb's button into `tools`.
  CompareCommands(QStackedWidget& pages, ToolStrip& tools, Actions& actions, CatalogClient& client,
                  Selection& selection, RunCommands& runs, Banner& banner, QObject* parent);

  void open();  ///< if two or more are ticked
  void close();
  CompareView& view();  ///< makes it the first time: few of those who start the program compare, and it is half of the window
  /// The entry of a checkpoint's menu: the first of compareOffers().
  std::vector<Verb> verbs(const VerbTarget& target);
  /// All of them in a menu of their own, and a tick for what they leave out.
  void showMenu(const HomeSnapshot& home, const core::CheckpointRecord& checkpoint, const QPoint& at);

 private:
  void update();
  void compare(const std::vector<std::string>& checkpoints);

  QStackedWidget& pages_;
  Actions& actions_;
  CatalogClient& client_;
  Selection& selection_;
  RunCommands& runs_;
  Banner& banner_;
  CompareView* view_ = nullptr;  ///< null until it is wanted
  QToolButton* button_;
};

}  // namespace cairn::ui
