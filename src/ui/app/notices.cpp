#include "ui/app/notices.h"

#include <QSettings>

#include "ui/app/run_commands.h"
#include "ui/app/training_controller.h"
#include "ui/catalog_client.h"
#include "ui/panels/banner.h"
#include "ui/selection.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

QString interruptedKey(const std::string& run) { return QStringLiteral("interrupted:") + text(run); }
QString dismissedKey(const std::string& run) { return QStringLiteral("dismissed/") + text(run); }

}  // namespace

QString interruptedText(const core::RunRecord& run, const core::CheckpointRecord* newest, double secondsLost) {
  const auto stopped = Notices::tr("stopped unexpectedly %1 at step %2.").arg(ago(run.updatedAt), count(run.step));
  if (!newest) return Notices::tr("%1 It has no checkpoint yet; resuming begins again at step 0.").arg(stopped);
  const auto repeated = run.step - newest->step;
  if (repeated <= 0) return Notices::tr("%1 Its last checkpoint is that very step: nothing is lost.").arg(stopped);
  const auto earlier = secondsLost >= 0 ? Notices::tr(", %1 s of training earlier").arg(QString::number(secondsLost, 'f', 1))
                                        : QString();
  return Notices::tr("%1 Its last checkpoint is step %2%3; resuming repeats %4.")
      .arg(stopped, count(newest->step), earlier,
           repeated == 1 ? Notices::tr("that one step exactly")
                         : Notices::tr("those %1 steps exactly").arg(count(repeated)));
}

Notices::Notices(Banner& banner, CatalogClient& client, TrainingController& controller, Selection& selection,
                 RunCommands& commands, QObject* parent)
    : QObject(parent), banner_(banner), client_(client), controller_(controller), selection_(selection),
      commands_(commands) {
  connect(&client, &CatalogClient::snapshotChanged, this, &Notices::lookForInterrupted);
  connect(&client, &CatalogClient::commandFailed, this,
          [this](const Error& error) { tellError(QStringLiteral("command:") + text(error.subject()), error); });
  connect(&controller, &TrainingController::startFailed, this,
          [this](const Error& error) { tellError(QStringLiteral("start"), error); });
  connect(&controller, &TrainingController::nothingToDo, this, [this] {
    banner_.post({.key = QStringLiteral("start"), .tone = Notice::Tone::Info, .title = {},
                  .text = tr("That run is complete. Train it longer, or branch from one of its checkpoints."),
                  .actions = {}, .dismissed = {}});
  });
  connect(&controller, &TrainingController::warned, this, [this](const QStringList& warnings) {
    banner_.post({.key = QStringLiteral("warnings"), .tone = Notice::Tone::Warning, .title = {},
                  .text = warnings.join(QStringLiteral(" ")), .actions = {}, .dismissed = {}});
  });
  connect(&controller, &TrainingController::runEnded, this, &Notices::onRunEnded);
  connect(&controller, &TrainingController::storageTroubled, this, &Notices::onStorage);
  connect(&controller, &TrainingController::stepsRepeated, this,
          [this](const std::string& run, const core::ResumeCheck& check, bool finished) {
            if (finished || check.identical < check.stepsRepeated) onRepeated(run, check);
          });
}

void Notices::lookForInterrupted() {
  for (const auto& run : client_.snapshot()->runs) {
    const bool interrupted = run.status == core::RunStatus::Interrupted && !controller_.trains(run.id);
    const auto told = told_.find(run.id);
    if (!interrupted) {
      if (told == told_.end()) continue;
      told_.erase(told);
      banner_.remove(interruptedKey(run.id));
      continue;
    }
    if (told != told_.end() && told->second == run.updatedAt) continue;
    told_[run.id] = run.updatedAt;
    if (QSettings().value(dismissedKey(run.id)).toString() == text(run.updatedAt)) continue;
    tellInterrupted(run, -1);
    if (const auto* newest = client_.snapshot()->newestReady(run.id)) measureLoss(run, newest->step);
  }
}

void Notices::measureLoss(const core::RunRecord& run, std::int64_t checkpointStep) {
  client_.query<storage::SeriesData>(
      this,
      [id = run.id, checkpointStep](storage::Catalog& catalog) {
        return catalog.metrics(id, core::Series::TrainLoss, true, checkpointStep - 1);
      },
      [this, run](const storage::SeriesData& since) {
        if (since.seconds.size() < 2 || !banner_.shows(interruptedKey(run.id))) return;
        tellInterrupted(run, since.seconds.back() - since.seconds.front());
      });
}

void Notices::tellInterrupted(const core::RunRecord& run, double secondsLost) {
  const auto snapshot = client_.snapshot();
  Notice notice{.key = interruptedKey(run.id), .tone = Notice::Tone::Warning, .title = text(run.name),
                .text = interruptedText(run, snapshot->newestReady(run.id), secondsLost), .actions = {}, .dismissed = {}};
  if (!client_.readOnly()) {
    notice.actions.push_back({tr("Resume"), [this, id = run.id] { commands_.resume(id); }, true});
  }
  notice.actions.push_back({tr("Show"), [this, id = run.id] {
    const auto now = client_.snapshot();
    const auto* newest = now->newestReady(id);
    selection_.selectCheckpoint(id, newest ? newest->id : std::string());
  }, false, false});
  notice.dismissed = [id = run.id, at = run.updatedAt] { QSettings().setValue(dismissedKey(id), text(at)); };
  banner_.post(std::move(notice));
}

void Notices::onRunEnded(const std::string& run, core::SessionState state, const std::shared_ptr<const Error>& error) {
  banner_.remove(QStringLiteral("storage"));
  const auto key = QString(QStringLiteral("failed:") + text(run));
  if (state != core::SessionState::Failed || (error && error->kind() == ErrorKind::Cancelled)) {
    banner_.remove(key);
    return;
  }
  const auto snapshot = client_.snapshot();
  const auto* newest = snapshot->newestReady(run);
  Notice notice{.key = key, .tone = Notice::Tone::Failure, .title = nameOf(run),
                .text = error ? text(error->what()) : tr("failed."), .actions = {}, .dismissed = {}};
  if (newest) {
    notice.actions.push_back({tr("Go back to step %1").arg(count(newest->step)), [this, id = newest->id, run] {
      selection_.selectCheckpoint(run, id);
      commands_.branch(id);
    }, true});
  }
  banner_.post(std::move(notice));
}

void Notices::onStorage(const core::StorageTrouble& trouble) {
  const auto key = QStringLiteral("storage");
  if (trouble.recovered) {
    banner_.remove(key);
    return;
  }
  auto words = trouble.error ? text(trouble.error->what()) : tr("Checkpoints cannot be written.");
  words += trouble.waiting ? tr(" Training waits until %1 can be written.").arg(bytes(trouble.heldBytes))
                           : tr(" Training goes on; %1 are kept in memory and tried again.").arg(bytes(trouble.heldBytes));
  banner_.post({.key = key, .tone = Notice::Tone::Warning, .title = {}, .text = words, .actions = {}, .dismissed = {}});
}

void Notices::onRepeated(const std::string& run, const core::ResumeCheck& check) {
  if (check.stepsRepeated == 0) return;
  const bool same = check.identical == check.stepsRepeated;
  auto words = tr("%1 of %2 repeated steps identical.").arg(count(check.identical), count(check.stepsRepeated));
  if (!same) words += QStringLiteral(" ") + text(check.firstDifference);
  banner_.post({.key = QStringLiteral("repeated:") + text(run), .tone = same ? Notice::Tone::Info : Notice::Tone::Warning,
                .title = nameOf(run), .text = words, .actions = {}, .dismissed = {}});
}

void Notices::tellError(const QString& key, const Error& error) {
  if (error.kind() == ErrorKind::Cancelled) return;
  banner_.post({.key = key, .tone = Notice::Tone::Failure, .title = {}, .text = text(error.what()), .actions = {},
                .dismissed = {}});
}

QString Notices::nameOf(const std::string& run) const {
  const auto snapshot = client_.snapshot();
  const auto* record = snapshot->run(run);
  return record ? text(record->name) : text(run);
}

}  // namespace cairn::ui
