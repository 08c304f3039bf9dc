#include "ui/app/main_window.h"

#include <QCloseEvent>
#include <QFrame>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/app/actions.h"
#include "ui/app/close_guard.h"
#include "ui/app/curation.h"
#include "ui/app/file_commands.h"
#include "ui/app/help_dialogs.h"
#include "ui/app/live_actions.h"
#include "ui/app/notices.h"
#include "ui/app/run_commands.h"
#include "ui/app/verb_menu.h"
#include "ui/app/view_choices.h"
#include "ui/chart/chart_panel.h"
#include "ui/compare/compare_commands.h"
#include "ui/panels/banner.h"
#include "ui/panels/home_error_page.h"
#include "ui/panels/inspector.h"
#include "ui/panels/run_list_panel.h"
#include "ui/panels/start_page.h"
#include "ui/panels/status_line.h"
#include "ui/panels/tool_strip.h"
#include "ui/recovery/home_troubles.h"
#include "ui/recovery/recovery.h"
#include "ui/recovery/work_line.h"
#include "ui/text.h"
#include "ui/theme.h"
#include "ui/timeline/timeline_panel.h"

namespace cairn::ui {

namespace {
constexpr double kUsualSmoothing = 0.6;

QWidget* cardAround(QWidget* panel) {
  auto* card = new QFrame;
  card->setProperty("card", true);
  auto* layout = new QVBoxLayout(card);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addWidget(panel);
  return card;
}
}  // namespace

MainWindow::MainWindow(const storage::Home& home) : client_(home), controller_(home), actions_(new Actions(this)) {
  setWindowTitle(tr("Cairn"));
  setMinimumSize(880, 540);
  resize(1400, 880);
  makePanels();
  commands_ = new RunCommands(this, client_, controller_, selection_, *banner_);
  recovery_ = new Recovery(this, *banner_, *workLine_, client_, controller_, selection_, *commands_, *actions_);
  closeGuard_ = new CloseGuard(this, controller_, client_);
  files_ = new FileCommands(this, *actions_, client_, selection_, *banner_);
  connect(actions_->exportCurves, &QAction::triggered, this, [this] { files_->exportCurves(*chart_); });
  connect(files_, &FileCommands::newRunRequested, commands_, [this](const core::RunSpec& spec) { commands_->newRun(&spec); });
  compare_ = new CompareCommands(*pages_, *tools_, *actions_, client_, selection_, *commands_, *banner_, this);
  commands_->verbs().offer([this](const VerbTarget& target) { return files_->verbs(target); });
  commands_->verbs().offer([this](const VerbTarget& target) { return compare_->verbs(target); });
  curation_ = new Curation(this, *actions_, client_, controller_, selection_, *banner_);
  commands_->verbs().offer([this](const VerbTarget& target) { return curation_->verbs(target); });
  new ViewChoices(*actions_, *runs_, *chart_, *timeline_, this);
  new LiveActions(*actions_, controller_, client_, selection_, *commands_, this);
  new Notices(*banner_, client_, controller_, selection_, *commands_, this);
  joinHome();
  joinTraining();
  joinViews();
  joinTheme();
  showPage();
  showLive();
}

MainWindow::~MainWindow() = default;

void MainWindow::makePanels() {
  actions_->fillMenuBar(*menuBar());
  banner_ = new Banner;
  workLine_ = new WorkLine;
  tools_ = new ToolStrip(*actions_, axis_);
  homeError_ = new HomeErrorPage;
  status_ = new StatusLine;
  setStatusBar(status_);
  pages_ = new QStackedWidget;
  pages_->addWidget(makeWorkspace());
  pages_->addWidget(homeError_);
  auto* content = new QWidget;
  auto* layout = new QVBoxLayout(content);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(banner_);
  layout->addWidget(workLine_);
  layout->addWidget(tools_);
  layout->addWidget(pages_, 1);
  setCentralWidget(content);
}

QWidget* MainWindow::makeWorkspace() {
  runs_ = new RunListPanel(client_, selection_);
  inspector_ = new Inspector(client_, selection_);
  columns_ = new QSplitter(Qt::Horizontal);
  columns_->setHandleWidth(1);
  columns_->setChildrenCollapsible(false);
  columns_->addWidget(runs_);
  columns_->addWidget(makeMiddle());
  columns_->addWidget(inspector_);
  runs_->setMinimumWidth(180);
  inspector_->setMinimumWidth(260);
  middle_->setMinimumWidth(430);
  columns_->setStretchFactor(1, 1);
  columns_->setSizes({280, 810, 310});
  return columns_;
}

QWidget* MainWindow::makeMiddle() {
  start_ = new StartPage;
  chart_ = new ChartPanel(client_, selection_, axis_, nullptr);
  timeline_ = new TimelinePanel(client_, selection_, axis_, nullptr);
  rows_ = new QSplitter(Qt::Vertical);
  rows_->setContentsMargins(Theme::kSpacing, Theme::kSpacing, Theme::kSpacing, Theme::kSpacing);
  rows_->setHandleWidth(Theme::kSpacing);
  rows_->setChildrenCollapsible(false);
  rows_->addWidget(cardAround(chart_));
  rows_->addWidget(cardAround(timeline_));
  rows_->setStretchFactor(0, 1);
  rows_->setSizes({560, 210});
  middle_ = new QStackedWidget;
  middle_->addWidget(start_);
  middle_->addWidget(rows_);
  return middle_;
}

void MainWindow::joinHome() {
  connect(&client_, &CatalogClient::snapshotChanged, this, &MainWindow::onSnapshot);
  connect(&client_, &CatalogClient::opened, this, [this] {
    status_->setWork({});
    start_->setReadOnly(client_.readOnly());
    pages_->setCurrentIndex(0);
    tools_->show();
  });
  auto* troubles = new HomeTroubles(this, *homeError_, *banner_, client_, controller_);
  connect(troubles, &HomeTroubles::pageWanted, this, [this] {
    pages_->setCurrentWidget(homeError_);
    tools_->hide();
  });
  connect(&client_, &CatalogClient::repairProgressed, this, [this](const QString& phase, qint64 done, qint64 total) {
    status_->setWork(total > 0 ? tr("%1: %2 of %3").arg(phase, count(done), count(total)) : phase);
  });
}

void MainWindow::joinTraining() {
  connect(&controller_, &TrainingController::liveChanged, this, &MainWindow::showLive);
  connect(&controller_, &TrainingController::metricsArrived, chart_, &ChartPanel::appendLive);
  connect(&controller_, &TrainingController::checkpointStored, status_, &StatusLine::setLastCheckpoint);
  connect(&controller_, &TrainingController::checkpointStored, &client_, &CatalogClient::refresh);
  connect(&controller_, &TrainingController::runEnded, &client_, &CatalogClient::refresh);
  connect(&controller_, &TrainingController::runQueued, this, [this](const std::string& run) {
    startPageWanted_ = false;
    selection_.selectRun(run);
    client_.refresh();
  });
  const auto change = [this](const std::string& run, core::RunStatus from, core::RunStatus to) {
    client_.command([run, from, to](storage::Catalog& catalog) { catalog.changeStatus(run, from, to); });
  };
  connect(&controller_, &TrainingController::runParked, this,
          [change](const std::string& run) { change(run, core::RunStatus::Stopped, core::RunStatus::Paused); });
  // One that was to go on from a checkpoint is still what it was: interrupted, say.
  connect(&controller_, &TrainingController::runUnqueued, this,
          [change](const std::string& run) { change(run, core::RunStatus::Queued, core::RunStatus::Stopped); });
  connect(inspector_, &Inspector::lrEdited, &controller_, &TrainingController::setLr);
}

void MainWindow::joinViews() {
  connect(start_, &StartPage::exampleRequested, commands_, &RunCommands::startExample);
  connect(start_, &StartPage::newRunRequested, commands_, [this] { commands_->newRun(); });
  connect(start_, &StartPage::runRequested, this, [this](const std::string& run) {
    startPageWanted_ = false;
    selection_.selectRun(run);
    showPage();
  });
  connect(runs_, &RunListPanel::shownRunsChanged, this, &MainWindow::showShownRuns);
  connect(runs_, &RunListPanel::contextMenuRequested, commands_, &RunCommands::showRunMenu);
  connect(&selection_, &Selection::runChanged, this, [this] {
    startPageWanted_ = false;
    showPage();
  });
  connect(timeline_, &TimelinePanel::contextMenuRequested, commands_, &RunCommands::showCheckpointMenu);
  connect(timeline_, &TimelinePanel::runMenuRequested, commands_, &RunCommands::showRunMenu);
  connect(inspector_, &Inspector::runMenuRequested, commands_, &RunCommands::showRunMenu);
  connect(commands_, &RunCommands::noteAsked, inspector_, &Inspector::focusNote);
  connect(inspector_, &Inspector::checkpointMenuRequested, commands_, &RunCommands::showCheckpointMenu);
  connect(inspector_, &Inspector::resumeRequested, commands_, &RunCommands::resume);
  connect(inspector_, &Inspector::branchRequested, commands_, &RunCommands::branch);
  connect(inspector_, &Inspector::trainLongerRequested, commands_, &RunCommands::trainLonger);
  connect(inspector_, &Inspector::predictRequested, commands_, &RunCommands::predict);
  connect(inspector_, &Inspector::compareRequested, this, [this](const std::string& checkpoint, const QPoint& at) {
    const auto home = client_.snapshot();
    if (const auto* record = home->checkpoint(checkpoint)) compare_->showMenu(*home, *record, at);
  });
  connect(inspector_, &Inspector::recreateRequested, recovery_, &Recovery::recreate);
  connect(inspector_, &Inspector::rewindRequested, recovery_, &Recovery::rewind);
  connect(inspector_, &Inspector::pinRequested, commands_, &RunCommands::setPinned);
  connect(status_, &StatusLine::spacePressed, actions_->cleanUp, &QAction::trigger);
  connect(tools_, &ToolStrip::smoothingChanged, chart_, &ChartPanel::setSmoothing);
  connect(actions_->logY, &QAction::toggled, chart_, &ChartPanel::setLogY);
  connect(actions_->fit, &QAction::triggered, &axis_, &XAxis::fit);
  connect(actions_->findRun, &QAction::triggered, runs_, &RunListPanel::focusFilter);
  connect(actions_->startPage, &QAction::triggered, this, [this] {
    startPageWanted_ = true;
    showPage();
  });
  connect(pages_, &QStackedWidget::currentChanged, this, &MainWindow::showPage);
  connect(actions_->quit, &QAction::triggered, this, &QWidget::close);
  connect(actions_->about, &QAction::triggered, this, [this] { openAbout(this); });
  connect(actions_->shortcuts, &QAction::triggered, this, [this] { openShortcuts(this, actions_->all()); });
  tools_->setSmoothing(kUsualSmoothing);
  actions_->logY->setChecked(true);
}

void MainWindow::joinTheme() {
  auto& theme = Theme::instance();
  const std::pair<QAction*, Theme::Choice> choices[] = {{actions_->themeSystem, Theme::Choice::System},
                                                        {actions_->themeLight, Theme::Choice::Light},
                                                        {actions_->themeDark, Theme::Choice::Dark}};
  for (const auto& [action, choice] : choices) {
    action->setChecked(theme.choice() == choice);
    connect(action, &QAction::triggered, &theme, [choice = choice] {
      Theme::instance().setChoice(choice);
      QSettings().setValue(QStringLiteral("theme"), static_cast<int>(choice));
    });
  }
}

void MainWindow::onSnapshot() {
  const auto snapshot = client_.snapshot();
  start_->setSnapshot(*snapshot);
  status_->setSnapshot(*snapshot, client_.readOnly());
  if (selection_.run().empty()) selectSomething();
  showPage();
}

// What a person most likely wants to see first: what trains, else what was interrupted, else the newest.
void MainWindow::selectSomething() {
  const auto& runs = client_.snapshot()->runs;
  if (runs.empty()) return;
  for (const auto status : {core::RunStatus::Running, core::RunStatus::Paused, core::RunStatus::Interrupted}) {
    for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
      if (run->status == status) return selection_.selectRun(run->id);
    }
  }
  selection_.selectRun(runs.back().id);
}

void MainWindow::showPage() {
  const bool workspace = !startPageWanted_ && !client_.snapshot()->runs.empty();
  middle_->setCurrentIndex(workspace ? 1 : 0);
  inspector_->setVisible(workspace);
  runs_->setVisible(!client_.snapshot()->runs.empty());
  tools_->setCurveControlsVisible(workspace && pages_->currentIndex() == 0);
}

void MainWindow::showLive() {
  inspector_->setLive(controller_.live());
  status_->setLive(controller_.live(), controller_.queue().size());
}

void MainWindow::showShownRuns() {
  chart_->setShownRuns(runs_->shownRuns());
  timeline_->setShownRuns(runs_->shownRuns());
}

void MainWindow::restoreLayout() {
  QSettings settings;
  restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
  columns_->restoreState(settings.value(QStringLiteral("window/columns")).toByteArray());
  rows_->restoreState(settings.value(QStringLiteral("window/rows")).toByteArray());
  tools_->setSmoothing(settings.value(QStringLiteral("chart/smoothing"), kUsualSmoothing).toDouble());
  actions_->logY->setChecked(settings.value(QStringLiteral("chart/log"), true).toBool());
}

void MainWindow::saveLayout() {
  QSettings settings;
  settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
  settings.setValue(QStringLiteral("window/columns"), columns_->saveState());
  settings.setValue(QStringLiteral("window/rows"), rows_->saveState());
  settings.setValue(QStringLiteral("chart/smoothing"), tools_->smoothing());
  settings.setValue(QStringLiteral("chart/log"), actions_->logY->isChecked());
}

void MainWindow::closeEvent(QCloseEvent* event) {
  closeGuard_->handle(event);
  if (event->isAccepted()) saveLayout();
}

}  // namespace cairn::ui
