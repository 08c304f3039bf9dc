#include "ui/app/curation.h"

#include <QMessageBox>
#include <QPushButton>
#include <algorithm>

#include "ui/app/actions.h"
#include "ui/app/run_verbs.h"
#include "ui/app/training_controller.h"
#include "ui/catalog_client.h"
#include "ui/dialogs/clean_up_dialog.h"
#include "ui/dialogs/trash_dialog.h"
#include "ui/panels/banner.h"
#include "ui/run_colors.h"
#include "ui/selection.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

using Group = Verb::Group;

bool isLastGood(const HomeSnapshot& home, const core::CheckpointRecord& checkpoint) {
  const auto all = home.checkpointsOf(checkpoint.run);
  return checkpoint.state == core::CheckpointState::Ready && std::none_of(all.begin(), all.end(), [&](const auto& other) {
    return other.id != checkpoint.id && other.state == core::CheckpointState::Ready;
  });
}

QString whyNotTrash(const core::CheckpointRecord& checkpoint) {
  if (checkpoint.roles.contains("branch")) return Curation::tr("A branch starts from it: it stays as long as the branch does.");
  return checkpoint.state == core::CheckpointState::Pruned ? Curation::tr("It was pruned: there is no file left to remove.") : QString();
}

void showDialog(QDialog* dialog) {
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

}  // namespace

Curation::Curation(QWidget* window, Actions& actions, CatalogClient& client, TrainingController& controller, Selection& selection,
                   Banner& banner)
    : QObject(window), window_(window), actions_(actions), client_(client), controller_(controller), selection_(selection),
      banner_(banner) {
  connect(actions.undo, &QAction::triggered, this, &Curation::undo);
  connect(actions.moveToTrash, &QAction::triggered, this, [this] { deleteCheckpoint(selection_.checkpoint()); });
  connect(actions.deleteRun, &QAction::triggered, this, [this] { deleteRun(selection_.run()); });
  connect(actions.trash, &QAction::triggered, this, &Curation::openTrash);
  connect(actions.cleanUp, &QAction::triggered, this, [this] { openCleanUp({}); });
  connect(&client, &CatalogClient::snapshotChanged, this, &Curation::update);
  connect(&selection, &Selection::checkpointChanged, this, &Curation::update);
  connect(&selection, &Selection::runChanged, this, &Curation::update);
  connect(&controller, &TrainingController::liveChanged, this, &Curation::update);
  update();
}

void Curation::update() {
  const auto home = client_.snapshot();
  const auto* checkpoint = home->checkpoint(selection_.checkpoint());
  const bool writes = client_.loaded() && !client_.readOnly();
  actions_.moveToTrash->setEnabled(writes && checkpoint && checkpoint->state != core::CheckpointState::Deleted &&
                                   whyNotTrash(*checkpoint).isEmpty());
  const auto* run = home->run(selection_.run());
  actions_.deleteRun->setEnabled(run && whyNotDelete(*run).isEmpty());
  actions_.trash->setEnabled(client_.loaded());
  actions_.cleanUp->setEnabled(writes && !home->checkpoints.empty());
  actions_.undo->setEnabled(!undoable_.empty());
}

std::vector<Verb> Curation::verbs(const VerbTarget& target) {
  const auto readOnly = whyReadOnly(client_);
  if (const auto* checkpoint = target.checkpoint) {
    if (checkpoint->state == core::CheckpointState::Deleted) {
      return {{Group::Remove, QStringLiteral("restore"), tr("Restore"), readOnly, [this, id = checkpoint->id] { restoreCheckpoint(id); }}};
    }
    return {{Group::Remove, QStringLiteral("trash"), tr("Move to trash"), readOnly.isEmpty() ? whyNotTrash(*checkpoint) : readOnly,
             [this, id = checkpoint->id] { deleteCheckpoint(id); }}};
  }
  const auto id = target.run->id;
  const bool hidden = target.run->hidden;
  std::vector<Verb> colors;
  for (int i = 0; i < Theme::kRunColors; ++i) {
    const auto set = [this, id, i] { setColor(id, i); };
    colors.push_back({Group::Curate, {}, Theme::runColorName(i), {}, set, {}, Theme::instance().runColor(i)});
  }
  const auto whyNotByPlace = target.run->color ? QString() : tr("It has that colour.");
  colors.push_back({Group::Remove, {}, tr("By its place"), whyNotByPlace, [this, id] { setColor(id, {}); }});
  return {{Group::Curate, {}, tr("Colour"), readOnly, {}, std::move(colors), colorOfRun(*target.home, id)},
          {Group::Curate, QStringLiteral("eye"), hidden ? tr("Show the run again") : tr("Hide the run"), readOnly,
           [this, id, hidden] { setHidden(id, !hidden); }},
          {Group::Remove, QStringLiteral("broom"), tr("Clean up its checkpoints…"), readOnly, [this, id] { openCleanUp(id); }},
          {Group::Remove, QStringLiteral("trash"), tr("Delete the run"), whyNotDelete(*target.run), [this, id] { deleteRun(id); }}};
}

QString Curation::whyNotDelete(const core::RunRecord& run) const {
  const auto readOnly = whyReadOnly(client_);
  if (!readOnly.isEmpty()) return readOnly;
  const auto busy = whyBusy(run, controller_);
  if (!busy.isEmpty()) return tr("%1 Stop it first.").arg(busy);
  return run.status == core::RunStatus::Queued ? tr("The run waits for its turn in another window.") : QString();
}

void Curation::deleteCheckpoint(const std::string& checkpoint) {
  const auto home = client_.snapshot();
  const auto* record = home->checkpoint(checkpoint);
  const auto* run = record ? home->run(record->run) : nullptr;
  if (!run) return;
  if (isLastGood(*home, *record)) return askAboutLast(*run, *record);
  moveToTrash(*record, false);
}

void Curation::askAboutLast(const core::RunRecord& run, const core::CheckpointRecord& checkpoint) {
  auto* question = new QMessageBox(QMessageBox::Warning, tr("The last good checkpoint"),
                                   tr("Step %1 is the last good checkpoint of %2.").arg(count(checkpoint.step), text(run.name)),
                                   QMessageBox::NoButton, window_);
  question->setObjectName(QStringLiteral("lastGoodQuestion"));
  question->setAttribute(Qt::WA_DeleteOnClose);
  question->setInformativeText(tr("Without it the run can neither go on nor predict, and what was pruned is recreated from step 0. "
                                  "For %1 days it can be restored from the trash.")
                                   .arg(storage::kTrashDays));
  auto* move = question->addButton(tr("Move to trash"), QMessageBox::DestructiveRole);
  move->setObjectName(QStringLiteral("trashLastGood"));
  auto* keep = question->addButton(tr("Keep it"), QMessageBox::RejectRole);
  keep->setObjectName(QStringLiteral("keepLastGood"));
  question->setDefaultButton(keep);
  question->setEscapeButton(keep);
  connect(move, &QPushButton::clicked, this, [this, checkpoint] { moveToTrash(checkpoint, true); });
  question->open();
}

void Curation::moveToTrash(const core::CheckpointRecord& checkpoint, bool evenLastGood) {
  const auto id = checkpoint.id;
  client_.query<bool>(
      this,
      [id, evenLastGood](storage::Catalog& catalog) {
        catalog.deleteCheckpoint(id, evenLastGood);
        return true;
      },
      [this, id, step = checkpoint.step, size = checkpoint.bytes](bool) {
        client_.refresh();
        offerUndo(QStringLiteral("deleted:") + text(id),
                  tr("The checkpoint at step %1 (%2) is in the trash, for %3 days.")
                      .arg(count(step), bytes(size))
                      .arg(storage::kTrashDays),
                  [this, id] { restoreCheckpoint(id); });
      });
}

void Curation::restoreCheckpoint(const std::string& checkpoint) {
  client_.command([checkpoint](storage::Catalog& catalog) { catalog.undeleteCheckpoint(checkpoint); });
}

void Curation::deleteRun(const std::string& run) {
  const auto home = client_.snapshot();
  const auto* record = home->run(run);
  if (!record || !whyNotDelete(*record).isEmpty()) return;
  client_.query<bool>(
      this,
      [run](storage::Catalog& catalog) {
        catalog.deleteRun(run);
        return true;
      },
      [this, run, name = text(record->name), size = record->checkpointBytes](bool) {
        letGo(run);
        client_.refresh();
        offerUndo(QStringLiteral("deleted:") + text(run),
                  tr("%1 (%2) is in the trash, for %3 days.").arg(name, bytes(size)).arg(storage::kTrashDays),
                  [this, run] { restoreRun(run); });
      });
}

void Curation::restoreRun(const std::string& run) {
  client_.command([run](storage::Catalog& catalog) { catalog.undeleteRun(run); });
}

/// What is selected or ticked of a run that leaves.
void Curation::letGo(const std::string& run) {
  const auto home = client_.snapshot();
  auto ticked = selection_.compared();
  std::erase_if(ticked, [&](const std::string& id) {
    const auto* checkpoint = home->checkpoint(id);
    return checkpoint && checkpoint->run == run;
  });
  selection_.setCompared(std::move(ticked));
  if (selection_.run() != run) return;
  selectAnother(run);
  if (selection_.run() == run) selection_.clear();
}

void Curation::setHidden(const std::string& run, bool hidden) {
  const auto home = client_.snapshot();
  const auto* record = home->run(run);
  if (!record) return;
  client_.command([run, hidden](storage::Catalog& catalog) { catalog.setRunHidden(run, hidden); });
  if (!hidden) return;
  if (selection_.run() == run && !actions_.showHidden->isChecked()) selectAnother(run);
  offerUndo(QStringLiteral("hidden:") + text(run), tr("%1 is hidden. View, Show hidden runs, brings it in sight.").arg(text(record->name)),
            [this, run] { setHidden(run, false); });
}

/// The newest that stays in sight.
void Curation::selectAnother(const std::string& hidden) {
  const auto home = client_.snapshot();
  const auto other = std::find_if(home->runs.rbegin(), home->runs.rend(),
                                  [&](const core::RunRecord& run) { return run.id != hidden && !run.hidden; });
  if (other != home->runs.rend()) selection_.selectRun(other->id);
}

void Curation::setColor(const std::string& run, std::optional<int> color) {
  client_.command([run, color](storage::Catalog& catalog) { catalog.setRunColor(run, color); });
}

void Curation::openTrash() { showDialog(new TrashDialog(client_, window_)); }

void Curation::openCleanUp(const std::string& run) {
  auto* dialog = new CleanUpDialog(client_.home(), client_.snapshot(), run, window_);
  connect(dialog, &CleanUpDialog::cleanedUp, &client_, &CatalogClient::refresh);
  showDialog(dialog);
}

void Curation::offerUndo(const QString& key, const QString& done, std::function<void()> undo) {
  const auto forget = [this, key] {
    std::erase_if(undoable_, [&](const Undoable& one) { return one.key == key; });
    update();
  };
  forget();
  undoable_.push_back({key, undo});
  banner_.post({.key = key, .tone = Notice::Tone::Done, .title = {}, .text = done,
                .actions = {{tr("Undo"), [forget, undo] {
                  forget();
                  undo();
                }}},
                .dismissed = forget});
  update();
}

void Curation::undo() {
  if (undoable_.empty()) return;
  const auto newest = undoable_.back();
  undoable_.pop_back();
  banner_.remove(newest.key);
  newest.undo();
  update();
}

}  // namespace cairn::ui
