#include "ui/app/run_commands.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QFileInfo>
#include <QGuiApplication>
#include <QInputDialog>
#include <QMenu>
#include <QUrl>

#include "core/error.h"
#include "core/progress.h"
#include "storage/recovery.h"
#include "ui/app/examples.h"
#include "ui/app/training_controller.h"
#include "ui/catalog_client.h"
#include "ui/dialogs/branch_dialog.h"
#include "ui/dialogs/new_run_dialog.h"
#include "ui/dialogs/predict_dialog.h"
#include "ui/dialogs/train_longer_dialog.h"
#include "ui/dialogs/verify_dialog.h"
#include "ui/panels/banner.h"
#include "ui/selection.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

/// Shows `dialog` without blocking; `accepted` runs if the person agrees.
template <typename Dialog, typename Accepted>
void openDialog(Dialog* dialog, Accepted accepted) {
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  QObject::connect(dialog, &QDialog::accepted, dialog, [dialog, accepted] { accepted(*dialog); });
  dialog->open();
}

QAction* entry(QMenu& menu, const char* icon, const QString& words, bool enabled = true) {
  auto* action = menu.addAction(Theme::instance().icon(QString::fromLatin1(icon)), words);
  action->setEnabled(enabled);
  return action;
}

}  // namespace

RunCommands::RunCommands(QWidget* window, CatalogClient& client, TrainingController& controller, Selection& selection,
                         Banner& banner)
    : QObject(window), window_(window), client_(client), controller_(controller), selection_(selection),
      banner_(banner) {}

void RunCommands::newRun(const core::RunSpec* initial) {
  openDialog(new NewRunDialog(initial, window_),
             [this](const NewRunDialog& dialog) { controller_.start(dialog.spec()); });
}

void RunCommands::startExample(const QString& name) {
  try {
    const auto spec = readExample(name, client_.home().root() / "examples");
    for (const auto& example : builtInExamples()) {
      if (example.name != name) continue;
      example.needsData ? newRun(&spec) : controller_.start(spec);
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
    controller_.branch(checkpoint, dialog.options());
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

void RunCommands::deleteCheckpoint(const std::string& checkpoint) {
  const auto snapshot = client_.snapshot();
  const auto* record = snapshot->checkpoint(checkpoint);
  if (!record) return;
  const auto step = record->step;
  client_.query<bool>(
      this,
      [checkpoint](storage::Catalog& catalog) {
        catalog.deleteCheckpoint(checkpoint);
        return true;
      },
      [this, checkpoint, step](bool) {
        client_.refresh();
        banner_.post({.key = QStringLiteral("deleted:") + text(checkpoint), .tone = Notice::Tone::Info, .title = {},
                      .text = tr("The checkpoint at step %1 is in the trash, for 7 days.").arg(count(step)),
                      .actions = {{tr("Undo"), [this, checkpoint] { restoreCheckpoint(checkpoint); }}}, .dismissed = {}});
      });
}

void RunCommands::restoreCheckpoint(const std::string& checkpoint) {
  client_.command([checkpoint](storage::Catalog& catalog) { catalog.undeleteCheckpoint(checkpoint); });
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
        banner_.post({.key = key, .tone = good ? Notice::Tone::Info : Notice::Tone::Failure, .title = {},
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

void RunCommands::showRunMenu(const std::string& run, const QPoint& global) {
  const auto snapshot = client_.snapshot();
  const auto* record = snapshot->run(run);
  if (!record) return;
  const bool writes = !client_.readOnly();
  const bool queued = std::find(controller_.queue().begin(), controller_.queue().end(), run) != controller_.queue().end();
  const bool active = controller_.trains(run) || queued || record->status == core::RunStatus::Running;
  const bool completed = record->status == core::RunStatus::Completed;
  QMenu menu(window_);
  if (queued) connect(entry(menu, "stop", tr("Take out of the queue")), &QAction::triggered, this, [this, run] { controller_.unqueue(run); });
  if (completed) {
    connect(entry(menu, "longer", tr("Train longer…"), writes), &QAction::triggered, this, [this, run] { trainLonger(run); });
  } else {
    connect(entry(menu, "resume", tr("Resume"), writes && !active), &QAction::triggered, this, [this, run] { resume(run); });
  }
  connect(entry(menu, "new", tr("Start over with these settings…"), writes), &QAction::triggered, this,
          [this, spec = record->spec] { newRun(&spec); });
  menu.addSeparator();
  connect(entry(menu, "edit", tr("Rename…"), writes), &QAction::triggered, this, [this, run] { renameRun(run); });
  connect(menu.addAction(tr("Copy id")), &QAction::triggered, this, [run] { QGuiApplication::clipboard()->setText(text(run)); });
  menu.exec(global);
}

void RunCommands::showCheckpointMenu(const std::string& checkpoint, const QPoint& global) {
  const auto snapshot = client_.snapshot();
  const auto* record = snapshot->checkpoint(checkpoint);
  if (!record) return;
  const bool writes = !client_.readOnly();
  const bool usable = record->state == core::CheckpointState::Ready;
  const auto* newest = snapshot->newestReady(record->run);
  const auto* run = snapshot->run(record->run);
  const bool resumable = run && newest && newest->id == checkpoint && !controller_.trains(run->id) &&
                         run->status != core::RunStatus::Completed && run->status != core::RunStatus::Running;
  QMenu menu(window_);
  const auto id = checkpoint;
  if (resumable) {
    connect(entry(menu, "resume", tr("Resume"), writes), &QAction::triggered, this, [this, of = run->id] { resume(of); });
  }
  connect(entry(menu, "branch", tr("Branch from here…"), writes && usable), &QAction::triggered, this, [this, id] { branch(id); });
  connect(entry(menu, "predict", tr("Predict…"), usable), &QAction::triggered, this, [this, id] { predict(id); });
  menu.addSeparator();
  connect(entry(menu, record->pinned ? "unpin" : "pin", record->pinned ? tr("Unpin") : tr("Pin"), writes && usable),
          &QAction::triggered, this, [this, id, pinned = !record->pinned] { setPinned(id, pinned); });
  connect(entry(menu, "check", tr("Verify the file"), writes && usable), &QAction::triggered, this, [this, id] { verify(id); });
  connect(entry(menu, "folder", tr("Show in folder"), usable), &QAction::triggered, this, [path = text(record->path)] {
    QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(path).absolutePath()));
  });
  connect(menu.addAction(tr("Copy path")), &QAction::triggered, this,
          [path = text(record->path)] { QGuiApplication::clipboard()->setText(path); });
  menu.addSeparator();
  Q_EMIT checkpointMenuFilled(menu, id);
  menu.addSeparator();
  if (record->state == core::CheckpointState::Deleted) {
    connect(entry(menu, "restore", tr("Restore"), writes), &QAction::triggered, this, [this, id] { restoreCheckpoint(id); });
  } else {
    connect(entry(menu, "trash", tr("Move to trash"), writes && usable), &QAction::triggered, this, [this, id] { deleteCheckpoint(id); });
  }
  menu.exec(global);
}

}  // namespace cairn::ui
