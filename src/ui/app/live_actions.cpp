#include "ui/app/live_actions.h"

#include <algorithm>

#include "ui/theme.h"

namespace cairn::ui {

LiveActions::LiveActions(Actions& actions, TrainingController& controller, CatalogClient& client, Selection& selection,
                         RunCommands& commands, QObject* parent)
    : QObject(parent), actions_(actions), controller_(controller), client_(client), selection_(selection),
      commands_(commands) {
  connect(actions.newRun, &QAction::triggered, &commands, [this] { commands_.newRun(); });
  connect(actions.pauseResume, &QAction::triggered, this, &LiveActions::onPauseResume);
  connect(actions.stop, &QAction::triggered, &controller, &TrainingController::stop);
  connect(actions.checkpointNow, &QAction::triggered, &controller, &TrainingController::checkpointNow);
  connect(actions.resumeSelected, &QAction::triggered, this, [this] { commands_.resume(selection_.run()); });
  connect(actions.branchSelected, &QAction::triggered, this, [this] { commands_.branch(selection_.checkpoint()); });
  connect(actions.trainLonger, &QAction::triggered, this, [this] { commands_.trainLonger(selection_.run()); });
  connect(actions.verifyAll, &QAction::triggered, &commands, &RunCommands::verifyAll);
  connect(actions.predict, &QAction::triggered, this, [this] { commands_.predict(selection_.checkpoint()); });
  connect(actions.pin, &QAction::triggered, this, [this] {
    const auto* checkpoint = client_.snapshot()->checkpoint(selection_.checkpoint());
    if (checkpoint) commands_.setPinned(checkpoint->id, !checkpoint->pinned);
  });
  connect(&controller, &TrainingController::liveChanged, this, &LiveActions::update);
  connect(&client, &CatalogClient::snapshotChanged, this, &LiveActions::update);
  connect(&selection, &Selection::runChanged, this, &LiveActions::update);
  connect(&selection, &Selection::checkpointChanged, this, &LiveActions::update);
  connect(&actions, &Actions::selectionInSightChanged, this, &LiveActions::update);
  connect(&Theme::instance(), &Theme::changed, this, &LiveActions::update);
  update();
}

bool LiveActions::selectedIsResumable() const {
  const auto snapshot = client_.snapshot();
  const auto* run = snapshot->run(selection_.run());
  if (!run || !actions_.selectionInSight() || client_.readOnly() || controller_.trains(run->id)) return false;
  // "Queued" alone is no obstacle: the window that queued it may be gone.
  const auto& queue = controller_.queue();
  const bool waits = std::find(queue.begin(), queue.end(), run->id) != queue.end();
  return !waits && !snapshot->atItsEnd(*run) && run->status != core::RunStatus::Running;
}

LiveActions::PauseMeans LiveActions::pauseMeaning() const {
  const auto& live = controller_.live();
  if (live.state == core::SessionState::Paused) return PauseMeans::ResumeLive;
  if (!live.run.empty()) return PauseMeans::Pause;
  return selectedIsResumable() ? PauseMeans::ResumeSelected : PauseMeans::Nothing;
}

void LiveActions::showPauseResume(PauseMeans meaning) {
  const bool resumes = meaning == PauseMeans::ResumeLive || meaning == PauseMeans::ResumeSelected;
  const auto icon = resumes ? QStringLiteral("play") : QStringLiteral("pause");
  const auto words = resumes ? tr("Resume") : tr("Pause");
  actions_.pauseResume->setEnabled(meaning != PauseMeans::Nothing);
  if (actions_.pauseResume->iconText() == words && actions_.pauseResume->property("iconName") == icon) return;
  actions_.pauseResume->setText(words);
  actions_.pauseResume->setProperty("iconName", icon);
  actions_.pauseResume->setIcon(Theme::instance().icon(icon));
  actions_.pauseResume->setToolTip(tr("%1 (%2)").arg(words, actions_.pauseResume->shortcut().toString()));
}

void LiveActions::update() {
  const auto snapshot = client_.snapshot();
  const auto* run = snapshot->run(selection_.run());
  const auto* checkpoint = snapshot->checkpoint(selection_.checkpoint());
  const bool writes = client_.loaded() && !client_.readOnly();
  const bool usable = checkpoint && checkpoint->state == core::CheckpointState::Ready;
  const auto& live = controller_.live();
  showPauseResume(pauseMeaning());
  actions_.newRun->setEnabled(writes);
  actions_.stop->setEnabled(!live.run.empty());
  actions_.checkpointNow->setEnabled(live.trains());
  actions_.resumeSelected->setEnabled(selectedIsResumable());
  actions_.trainLonger->setEnabled(writes && run && snapshot->atItsEnd(*run) && !controller_.trains(run->id));
  actions_.branchSelected->setEnabled(writes && usable);
  actions_.predict->setEnabled(usable);
  actions_.pin->setEnabled(writes && usable);
  actions_.verifyAll->setEnabled(writes && snapshot->checkpointCount() > 0);
}

void LiveActions::onPauseResume() {
  switch (pauseMeaning()) {
    case PauseMeans::Pause: controller_.pause(); break;
    case PauseMeans::ResumeLive: controller_.resumePaused(); break;
    case PauseMeans::ResumeSelected: commands_.resume(selection_.run()); break;
    case PauseMeans::Nothing: break;
  }
}

}  // namespace cairn::ui
