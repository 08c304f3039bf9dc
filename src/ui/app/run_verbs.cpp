#include "ui/app/run_verbs.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QFileInfo>
#include <QGuiApplication>
#include <QUrl>
#include <algorithm>

#include "ui/app/run_commands.h"
#include "ui/app/training_controller.h"
#include "ui/catalog_client.h"
#include "ui/selection.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

using Group = Verb::Group;
using core::RunStatus;

QString tr(const char* words) { return RunCommands::tr(words); }

/// The first reason that is one.
QString firstOf(std::initializer_list<QString> reasons) {
  const auto at = std::find_if(reasons.begin(), reasons.end(), [](const QString& one) { return !one.isEmpty(); });
  return at == reasons.end() ? QString() : *at;
}

bool isQueued(const TrainingController& controller, const std::string& run) {
  return std::find(controller.queue().begin(), controller.queue().end(), run) != controller.queue().end();
}

/// Only a run's newest checkpoint goes on; from any other begins a branch.
QString whyNotNewest(const VerbTarget& target) {
  const auto* newest = target.home->newestReady(target.run->id);
  if (!target.checkpoint || (newest && newest->id == target.checkpoint->id)) return {};
  if (!newest) return tr("The run has no checkpoint that can be read.");
  return tr("A run goes on from its newest checkpoint, step %1; from this one a branch can begin.").arg(count(newest->step));
}

QString whyNotLonger(const VerbTarget& target) {
  return target.home->atItsEnd(*target.run) ? QString() : tr("The run has not come to its end yet: resume it.");
}
QString whyNotResume(const VerbTarget& target) {
  if (!target.home->atItsEnd(*target.run)) return {};
  return target.run->status == RunStatus::Completed ? tr("The run is complete: train it longer, or branch from it.")
                                                    : tr("The run is at its limit: train it longer, or branch from it.");
}

/// The checkpoint that a verb on a whole run means: the newest to branch from, the best to predict with.
QString whyNone(const core::CheckpointRecord* checkpoint) {
  return checkpoint ? whyNoFile(*checkpoint) : tr("The run has no checkpoint that can be read.");
}

void addGoingOn(std::vector<Verb>& verbs, const VerbTarget& target, const VerbContext& context) {
  auto& commands = context.commands;
  const auto run = target.run->id;
  const auto readOnly = whyReadOnly(context.client);
  const auto busy = whyBusy(*target.run, context.controller);
  if (isQueued(context.controller, run)) {
    verbs.push_back({Group::GoOn, QStringLiteral("stop"), tr("Take out of the queue"), {},
                     [&controller = context.controller, run] { controller.unqueue(run); }});
  }
  verbs.push_back({Group::GoOn, QStringLiteral("resume"), tr("Resume"),
                   firstOf({readOnly, busy, whyNotResume(target), whyNotNewest(target)}), [&commands, run] { commands.resume(run); }});
  const auto* from = target.checkpoint ? target.checkpoint : target.home->newestReady(run);
  verbs.push_back({Group::GoOn, QStringLiteral("branch"),
                   target.checkpoint ? tr("Branch from here…") : tr("Branch from its newest checkpoint…"),
                   firstOf({readOnly, whyNone(from)}), [&commands, id = from ? from->id : std::string()] { commands.branch(id); }});
  verbs.push_back({Group::GoOn, QStringLiteral("longer"), tr("Train longer…"),
                   firstOf({readOnly, busy, whyNotLonger(target), whyNotNewest(target)}), [&commands, run] { commands.trainLonger(run); }});
  if (target.checkpoint) return;
  verbs.push_back({Group::GoOn, QStringLiteral("new"), tr("Start over with these settings…"), readOnly,
                   [&commands, spec = target.run->spec] { commands.newRun(&spec); }});
}

void addUses(std::vector<Verb>& verbs, const VerbTarget& target, const VerbContext& context) {
  auto& commands = context.commands;
  const auto* with = target.checkpoint ? target.checkpoint : target.home->bestReady(*target.run);
  verbs.push_back({Group::Use, QStringLiteral("predict"),
                   target.checkpoint ? tr("Predict…") : tr("Predict with its best checkpoint…"), whyNone(with),
                   [&commands, id = with ? with->id : std::string()] { commands.predict(id); }});
  if (!target.checkpoint) return;
  const auto id = target.checkpoint->id;
  const bool ticked = context.selection.isCompared(id);
  verbs.push_back({Group::Use, QStringLiteral("check"), ticked ? tr("Take the tick away") : tr("Tick to compare"), {},
                   [&selection = context.selection, id] { selection.toggleCompared(id); }});
}

void addFile(std::vector<Verb>& verbs, const VerbTarget& target, const VerbContext& context) {
  auto& commands = context.commands;
  const auto id = target.checkpoint->id;
  const auto why = whyNoFile(*target.checkpoint);
  const auto path = text(target.checkpoint->path);
  verbs.push_back({Group::Files, QStringLiteral("check"), tr("Verify the file"), firstOf({whyReadOnly(context.client), why}),
                   [&commands, id] { commands.verify(id); }});
  verbs.push_back({Group::Files, QStringLiteral("folder"), tr("Show in folder"), why, [path] {
                     QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(path).absolutePath()));
                   }});
  verbs.push_back({Group::Files, {}, tr("Copy path"), {}, [path] { QGuiApplication::clipboard()->setText(path); }});
}

void addCheckpointCuration(std::vector<Verb>& verbs, const VerbTarget& target, const VerbContext& context) {
  auto& commands = context.commands;
  const auto& checkpoint = *target.checkpoint;
  const auto id = checkpoint.id;
  const auto readOnly = whyReadOnly(context.client);
  const auto why = firstOf({readOnly, whyNoFile(checkpoint)});
  const bool pinned = checkpoint.pinned;
  verbs.push_back({Group::Curate, pinned ? QStringLiteral("unpin") : QStringLiteral("pin"), pinned ? tr("Unpin") : tr("Pin"),
                   pinned ? readOnly : why, [&commands, id, pinned] { commands.setPinned(id, !pinned); }});
  verbs.push_back({Group::Curate, QStringLiteral("note"), tr("Note and tags…"), readOnly,
                   [&commands, run = checkpoint.run, id] { commands.editNote(run, id); }});
}

void addRunCuration(std::vector<Verb>& verbs, const VerbTarget& target, const VerbContext& context) {
  auto& commands = context.commands;
  const auto id = target.run->id;
  const auto readOnly = whyReadOnly(context.client);
  verbs.push_back({Group::Curate, QStringLiteral("edit"), tr("Rename…"), readOnly, [&commands, id] { commands.renameRun(id); }});
  verbs.push_back({Group::Curate, QStringLiteral("note"), tr("Note and tags…"), readOnly, [&commands, id] { commands.editNote(id, {}); }});
  verbs.push_back({Group::Curate, {}, tr("Copy id"), {}, [id] { QGuiApplication::clipboard()->setText(text(id)); }});
}

}  // namespace

QString whyBusy(const core::RunRecord& run, const TrainingController& controller) {
  if (controller.trains(run.id)) return tr("The run trains at this moment.");
  if (isQueued(controller, run.id)) return tr("The run waits for its turn.");
  if (run.status == RunStatus::Running) return tr("Another process trains the run at this moment.");
  return {};
}

std::vector<Verb> runVerbs(const VerbTarget& target, const VerbContext& context) {
  std::vector<Verb> verbs;
  addGoingOn(verbs, target, context);
  addUses(verbs, target, context);
  if (target.checkpoint) {
    addFile(verbs, target, context);
    addCheckpointCuration(verbs, target, context);
  } else {
    addRunCuration(verbs, target, context);
  }
  return verbs;
}

}  // namespace cairn::ui
