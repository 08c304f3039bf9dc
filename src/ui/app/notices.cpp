#include "ui/app/notices.h"

#include "core/error_codes.h"
#include "storage/rebuild.h"
#include "ui/app/run_commands.h"
#include "ui/app/training_controller.h"
#include "ui/catalog_client.h"
#include "ui/checkpoint_names.h"
#include "ui/panels/banner.h"
#include "ui/selection.h"
#include "ui/text.h"

namespace cairn::ui {

Notices::Notices(Banner& banner, CatalogClient& client, TrainingController& controller, Selection& selection,
                 RunCommands& commands, QObject* parent)
    : QObject(parent), banner_(banner), client_(client), controller_(controller), selection_(selection),
      commands_(commands) {
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
  connect(&selection, &Selection::tickFellOut, this, [this](const std::string& checkpoint) {
    banner_.post({.key = QStringLiteral("ticks"), .tone = Notice::Tone::Info, .title = {},
                  .text = tr("Four checkpoints are compared at most: %1 is no longer ticked.")
                              .arg(checkpointName(*client_.snapshot(), checkpoint)),
                  .actions = {}, .dismissed = {}});
  });
  connect(&selection, &Selection::comparedChanged, this, [this] { banner_.remove(QStringLiteral("ticks")); });
  connect(&controller, &TrainingController::runEnded, this, &Notices::onRunEnded);
  connect(&controller, &TrainingController::storageTroubled, this, &Notices::onStorage);
}

void Notices::onRunEnded(const std::string& run, core::SessionState state, const std::shared_ptr<const Error>& error) {
  banner_.remove(QStringLiteral("storage"));
  const auto key = QString(QStringLiteral("failed:") + text(run));
  const bool diverged = error && error->code() == kDiverged;  // told from the catalog: also after a restart
  if (state != core::SessionState::Failed || diverged || (error && error->kind() == ErrorKind::Cancelled)) {
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

void Notices::tellError(const QString& key, const Error& error) {
  // Damage has a notice of its own, with a way out.
  if (error.kind() == ErrorKind::Cancelled || storage::needsRebuild(error)) return;
  banner_.post({.key = key, .tone = Notice::Tone::Failure, .title = {}, .text = text(error.what()), .actions = {},
                .dismissed = {}});
}

QString Notices::nameOf(const std::string& run) const { return text(client_.snapshot()->nameOf(run)); }

}  // namespace cairn::ui
