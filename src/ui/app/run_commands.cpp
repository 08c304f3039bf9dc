#include "ui/app/run_commands.h"

#include <QInputDialog>
#include <algorithm>

#include "core/error.h"
#include "core/progress.h"
#include "storage/recovery.h"
#include "ui/app/examples.h"
#include "ui/app/run_verbs.h"
#include "ui/app/training_controller.h"
#include "ui/app/verb_menu.h"
#include "ui/catalog_client.h"
#include "ui/dialogs/branch_dialog.h"
#include "ui/dialogs/new_run_dialog.h"
#include "ui/dialogs/predict_dialog.h"
#include "ui/dialogs/train_longer_dialog.h"
#include "ui/dialogs/verify_dialog.h"
#include "ui/panels/banner.h"
#include "ui/selection.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

/// Shows `dialog` without blocking; `accepted` runs if the person agrees.
template <typename Dialog, typename Accepted>
void openDialog(Dialog* dialog, Accepted accepted) {
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  QObject::connect(dialog, &QDialog::accepted, dialog, [dialog, accepted] { accepted(*dialog); });
  dialog->open();
}

}  // namespace

RunCommands::RunCommands(QWidget* window, CatalogClient& client, TrainingController& controller, Selection& selection,
                         Banner& banner)
    : QObject(window), window_(window), client_(client), controller_(controller), selection_(selection),
      banner_(banner), verbs_(new VerbMenu(window, client)) {
  verbs_->offer([this](const VerbTarget& target) {
    return runVerbs(target, {*this, client_, controller_, selection_});
  });
}

void RunCommands::newRun(const core::RunSpec* initial) {
  openDialog(new NewRunDialog(client_.home(), initial, window_),
             [this](const NewRunDialog& dialog) { start(dialog.spec()); });
}

std::string RunCommands::freeName(const std::string& name) const {
  const auto home = client_.snapshot();
  const auto taken = [&](const std::string& one) {
    return std::any_of(home->runs.begin(), home->runs.end(), [&](const core::RunRecord& run) { return run.name == one; });
  };
  auto free = name;
  for (int number = 2; !name.empty() && taken(free); ++number) free = name + ' ' + std::to_string(number);
  return free;
}

void RunCommands::start(core::RunSpec spec) {
  spec.name = freeName(spec.name);
  controller_.start(spec);
}

void RunCommands::startExample(const QString& name) {
  try {
    const auto spec = readExample(name, client_.home());
    for (const auto& example : builtInExamples()) {
      if (example.name != name) continue;
      example.needsData ? newRun(&spec) : start(spec);
    }
  } catch (const Error& error) {
    banner_.post({.key = QStringLiteral("example"), .tone = Notice::Tone::Failure, .title = {}, .text = text(error.what()),
                  .actions = {}, .dismissed = {}});
  }
}

void RunCommands::resume(const std::string& run) {
  if (!run.empty()) controller_.resume(run);
}

void RunCommands::branch(const std::string& checkpoint) {
  const auto snapshot = client_.snapshot();
  const auto* record = snapshot->checkpoint(checkpoint);
  const auto* parent = record ? snapshot->run(record->run) : nullptr;
  if (!parent) return;
  openDialog(new BranchDialog(*record, *parent, window_), [this, checkpoint](const BranchDialog& dialog) {
    auto options = dialog.options();
    options.name = freeName(options.name);
    if (options.spec) options.spec->name = options.name;
    controller_.branch(checkpoint, options);
  });
}

void RunCommands::trainLonger(const std::string& run) {
  const auto snapshot = client_.snapshot();
  const auto* record = snapshot->run(run);
  if (!record) return;
  openDialog(new TrainLongerDialog(*record, window_),
             [this, run](const TrainLongerDialog& dialog) { controller_.resume(run, dialog.options()); });
}

void RunCommands::predict(const std::string& checkpoint) {
  const auto snapshot = client_.snapshot();
  const auto* record = snapshot->checkpoint(checkpoint);
  if (record) openDialog(new PredictDialog(*record, client_, window_), [](const PredictDialog&) {});
}

void RunCommands::setPinned(const std::string& checkpoint, bool pinned) {
  client_.command([checkpoint, pinned](storage::Catalog& catalog) { catalog.setPinned(checkpoint, pinned); });
}

void RunCommands::verify(const std::string& checkpoint) {
  const auto snapshot = client_.snapshot();
  const auto* record = snapshot->checkpoint(checkpoint);
  if (!record) return;
  const auto key = QString(QStringLiteral("verified:") + text(checkpoint));
  client_.query<bool>(
      this, [copy = *record](storage::Catalog& catalog) { return storage::verify(catalog, {copy}).empty(); },
      [this, key, step = record->step](bool good) {
        client_.refresh();
        const auto words = good ? tr("The checkpoint at step %1 is whole.") : tr("The checkpoint at step %1 is damaged.");
        banner_.post({.key = key, .tone = good ? Notice::Tone::Done : Notice::Tone::Failure, .title = {},
                      .text = words.arg(count(step)), .actions = {}, .dismissed = {}});
      });
}

void RunCommands::verifyAll() {
  openDialog(new VerifyDialog(client_.home(), client_.snapshot(), window_), [](auto&) {});
}

void RunCommands::renameRun(const std::string& run) {
  const auto snapshot = client_.snapshot();
  const auto* record = snapshot->run(run);
  if (!record) return;
  auto* dialog = new QInputDialog(window_);
  dialog->setWindowTitle(tr("Rename run"));
  dialog->setLabelText(tr("Name"));
  dialog->setTextValue(text(record->name));
  openDialog(dialog, [this, run](const QInputDialog& answered) {
    const auto name = answered.textValue().trimmed().toStdString();
    if (name.empty()) return;
    client_.command([run, name](storage::Catalog& catalog) { catalog.renameRun(run, name); });
  });
}

void RunCommands::editNote(const std::string& run, const std::string& checkpoint) {
  selection_.selectCheckpoint(run, checkpoint);
  Q_EMIT noteAsked();
}

void RunCommands::showRunMenu(const std::string& run, const QPoint& global) { verbs_->open(run, {}, global); }

void RunCommands::showCheckpointMenu(const std::string& checkpoint, const QPoint& global) {
  if (!checkpoint.empty()) verbs_->open({}, checkpoint, global);
}

}  // namespace cairn::ui
