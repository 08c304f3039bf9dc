// The workbench's window: lays the panels out and joins them; what they do is theirs. GUI thread.
#pragma once

#include <QMainWindow>
#include <memory>

#include "storage/home.h"
#include "ui/app/training_controller.h"
#include "ui/catalog_client.h"
#include "ui/selection.h"
#include "ui/x_axis.h"

class QSplitter;
class QStackedWidget;

namespace cairn::ui {

class Actions;
class Banner;
class ChartPanel;
class CloseGuard;
class CompareCommands;
class Curation;
class FileCommands;
class HomeErrorPage;
class Inspector;
class Recovery;
class RunCommands;
class RunListPanel;
class StartPage;
class StatusLine;
class TimelinePanel;
class ToolStrip;
class WorkLine;

class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  explicit MainWindow(const storage::Home& home);
  ~MainWindow() override;

  CatalogClient& client() { return client_; }
  TrainingController& controller() { return controller_; }
  Selection& selection() { return selection_; }
  RunCommands& commands() { return *commands_; }
  FileCommands& files() { return *files_; }
  CompareCommands& compare() { return *compare_; }
  CloseGuard& closeGuard() { return *closeGuard_; }
  Actions& actions() { return *actions_; }

  void restoreLayout();  ///< as it was when the window was last closed

 protected:
  void closeEvent(QCloseEvent* event) override;

 private:
  void makePanels();
  QWidget* makeWorkspace();
  QWidget* makeMiddle();
  void joinTraining();
  void joinViews();
  void joinHome();
  void joinTheme();
  void onSnapshot();
  void showLive();
  void showShownRuns();
  void showPage();
  void selectSomething();
  void saveLayout();

  CatalogClient client_;
  TrainingController controller_;
  Selection selection_;
  XAxis axis_;

  Actions* actions_;
  Banner* banner_;
  WorkLine* workLine_;
  ToolStrip* tools_;
  RunListPanel* runs_;
  ChartPanel* chart_;
  TimelinePanel* timeline_;
  Inspector* inspector_;
  StartPage* start_;
  HomeErrorPage* homeError_;
  StatusLine* status_;
  QSplitter* columns_;
  QSplitter* rows_;
  QStackedWidget* middle_;
  QStackedWidget* pages_;
  RunCommands* commands_;
  Recovery* recovery_;
  CloseGuard* closeGuard_;
  FileCommands* files_;
  CompareCommands* compare_;
  Curation* curation_;
  bool startPageWanted_ = false;
};

}  // namespace cairn::ui
