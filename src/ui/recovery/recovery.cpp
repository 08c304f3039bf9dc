#include "ui/recovery/recovery.h"

#include "ui/app/actions.h"
#include "ui/app/run_commands.h"
#include "ui/app/training_controller.h"
#include "ui/catalog_client.h"
#include "ui/recovery/data_question.h"
#include "ui/recovery/interrupted_notices.h"
#include "ui/recovery/proof_notices.h"
#include "ui/recovery/recreations.h"
#include "ui/recovery/rewind_dialog.h"
#include "ui/recovery/rewind_notices.h"
#include "ui/recovery/rewind_plan.h"
#include "ui/selection.h"
#include "ui/theme.h"

namespace cairn::ui {

Recovery::Recovery(QWidget* window, Banner& banner, WorkLine& line, CatalogClient& client, TrainingController& controller,
                   Selection& selection, RunCommands& commands, Actions& actions)
    : QObject(window), window_(window), client_(client), controller_(controller), selection_(selection), actions_(actions),
      recreations_(new Recreations(window, banner, line, client, controller, selection)) {
  new InterruptedNotices(window, banner, client, controller, selection);
  new ProofNotices(banner, client, controller, this);
  auto* rewinds = new RewindNotices(banner, client, controller, selection, this);
  connect(rewinds, &RewindNotices::rewindRequested, this, &Recovery::rewind);
  connect(rewinds, &RewindNotices::startOverRequested, &commands,
          [&commands](const core::RunSpec& spec) { commands.newRun(&spec); });
  connect(&controller, &TrainingController::dataInQuestion, this, &Recovery::askAboutData);
  connect(actions.rewind, &QAction::triggered, this, [this] { rewind(selection_.run()); });
  connect(actions.recreateStep, &QAction::triggered, this, [this] { recreations_->askStep(selection_.run()); });
  commands.verbs().offer([this](const VerbTarget& target) { return recreations_->verbs(target); });
  commands.verbs().offer([this](const VerbTarget& target) { return rewindVerbs(target); });
  connect(&client, &CatalogClient::snapshotChanged, this, &Recovery::update);
  connect(&controller, &TrainingController::liveChanged, this,  // thirty times a second: what looks at no checkpoint
          [this] { actions_.recreateStep->setEnabled(recreations_->whyNot(selection_.run()).isEmpty()); });
  connect(&selection, &Selection::runChanged, this, &Recovery::update);
  update();
}

void Recovery::update() {
  const auto home = client_.snapshot();
  const auto* run = home->run(selection_.run());
  actions_.rewind->setEnabled(!client_.readOnly() && run && whyNotRewind(*home, *run).isEmpty());
  actions_.recreateStep->setEnabled(recreations_->whyNot(selection_.run()).isEmpty());
}

std::vector<Verb> Recovery::rewindVerbs(const VerbTarget& target) {
  if (target.checkpoint) return {};
  const auto why = client_.readOnly() ? whyReadOnly(client_) : whyNotRewind(*target.home, *target.run);
  return {{Verb::Group::GoOn, QStringLiteral("rewind"), tr("Rewind…"), why, [this, run = target.run->id] { rewind(run); }}};
}

void Recovery::recreate(const std::string& checkpoint) { recreations_->recreate(checkpoint); }

void Recovery::rewind(const std::string& run) {
  const auto snapshot = client_.snapshot();
  const auto* record = snapshot->run(run);
  const auto usable = usableCheckpoints(*snapshot, run);
  if (!record || usable.empty()) return;
  auto* dialog = new RewindDialog(*record, usable, newestGood(usable), controller_.trains(run), window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QDialog::accepted, this, [this, dialog, run] {
    if (controller_.trains(run)) controller_.stop();
    controller_.branch(dialog->checkpoint().id, dialog->options());
  });
  dialog->open();
}

void Recovery::askAboutData(const AskedJob& job, const Error& error) {
  const auto snapshot = client_.snapshot();
  const auto* run = snapshot->run(job.run);
  if (!run) return;
  const auto* newest = snapshot->newestReady(job.run);
  auto* dialog = new DataQuestion(job, *run, newest ? newest->step : -1, error, window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &DataQuestion::answered, &controller_, &TrainingController::ask);
  dialog->open();
}

}  // namespace cairn::ui
