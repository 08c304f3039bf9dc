#include "ui/recovery/recreations.h"

#include "core/run_history.h"
#include "ui/app/training_controller.h"
#include "ui/catalog_client.h"
#include "ui/panels/banner.h"
#include "ui/recovery/proof_text.h"
#include "ui/recovery/step_dialog.h"
#include "ui/recovery/work_line.h"
#include "ui/selection.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

using core::CheckpointState;

/// Its file is gone, and training may bring it back; what lies in the trash is restored instead.
bool isLost(const core::CheckpointRecord& checkpoint) {
  return checkpoint.state == CheckpointState::Pruned || checkpoint.state == CheckpointState::Missing ||
         checkpoint.state == CheckpointState::Damaged;
}

QString workText(const SideWork& work, const QString& name) {
  if (work.kind == SideWork::Kind::LookingAtData) return Recreations::tr("%1: %2…").arg(name, work.phase);
  const auto what = Recreations::tr("Making step %1 of %2 again").arg(count(work.step), name);
  if (work.waits) return Recreations::tr("%1: waits until nothing trains").arg(what);
  if (work.startStep < 0) return work.phase.isEmpty() ? what + QChar(0x2026) : Recreations::tr("%1: %2…").arg(what, work.phase);
  return Recreations::tr("%1: %2 of %3 steps from step %4").arg(what, count(work.done), count(work.total), count(work.startStep));
}

}  // namespace

bool isAsOnRecord(const training::Recreated& recreated) {
  return recreated.sameState != false && !core::differs(recreated.check);
}

QString recreatedText(const training::Recreated& recreated) {
  auto words = proofHeadline(recreated.check);
  if (!recreated.sameState) {
    words += Recreations::tr(". No state of that step was on record to compare with.");
  } else if (*recreated.sameState) {
    words += Recreations::tr(", and its state is identical to the record.");
  } else {
    words += Recreations::tr(", but its state is not the one on record: it stands beside it as a checkpoint of its own.");
  }
  const auto detail = proofDetail(recreated.check, recreated.changes);
  if (!detail.isEmpty()) words += QLatin1Char(' ') + detail;
  if (recreated.wasThere) words += QLatin1Char(' ') + Recreations::tr("Its file was there all along.");
  return words;
}

Recreations::Recreations(QWidget* window, Banner& banner, WorkLine& line, CatalogClient& client,
                         TrainingController& controller, Selection& selection)
    : QObject(window), window_(window), banner_(banner), line_(line), client_(client), controller_(controller),
      selection_(selection) {
  connect(&line, &WorkLine::cancelRequested, &controller, &TrainingController::cancelSideWork);
  connect(&controller, &TrainingController::sideWorkChanged, this, &Recreations::showWork);
  connect(&controller, &TrainingController::recreationEnded, this, &Recreations::onEnded);
}

QString Recreations::whyNot(const std::string& run) const {
  const auto snapshot = client_.snapshot();
  const auto* record = snapshot->run(run);
  if (!record) return tr("Choose a run first.");
  if (client_.readOnly()) return whyReadOnly(client_);
  if (controller_.takesUp(run)) return tr("The run trains, or waits for its turn: stop it first.");
  if (record->status == core::RunStatus::Running) return tr("Another process trains the run at this moment.");
  return record->step > record->parentStep ? QString() : tr("The run has taken no step yet.");
}

void Recreations::recreate(const std::string& checkpoint) {
  const auto snapshot = client_.snapshot();
  const auto* record = snapshot->checkpoint(checkpoint);
  if (record) controller_.recreate(record->run, record->step);
}

void Recreations::askStep(const std::string& run) {
  const auto snapshot = client_.snapshot();
  const auto* record = snapshot->run(run);
  if (!record || !whyNot(run).isEmpty()) return;
  const auto* selected = snapshot->checkpoint(selection_.checkpoint());
  const auto step = selected && selected->run == run ? selected->step : record->step;
  auto* dialog = new StepDialog(*record, *snapshot, step, window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QDialog::accepted, this, [this, dialog, run] { controller_.recreate(run, dialog->step()); });
  dialog->open();
}

std::vector<Verb> Recreations::verbs(const VerbTarget& target) {
  const auto run = target.run->id;
  if (!target.checkpoint) {
    return {{Verb::Group::Use, QStringLiteral("restore"), tr("Recreate a step…"), whyNot(run), [this, run] { askStep(run); }}};
  }
  if (!isLost(*target.checkpoint)) return {};
  return {{Verb::Group::GoOn, QStringLiteral("restore"), tr("Recreate"), whyNot(run),
           [this, id = target.checkpoint->id] { recreate(id); }}};
}

void Recreations::showWork() {
  const auto& work = controller_.sideWork();
  if (work.kind == SideWork::Kind::None) return line_.hide();
  const bool counts = !work.waits;
  line_.show(workText(work, nameOf(work.run)), counts ? work.done : 0, counts ? work.total : 0);
}

void Recreations::onEnded(const std::string& run, std::int64_t step,
                          const std::shared_ptr<const training::Recreated>& recreated,
                          const std::shared_ptr<const Error>& error) {
  client_.refresh();
  const bool cancelled = !recreated && (!error || error->kind() == ErrorKind::Cancelled);
  if (cancelled) return;
  Notice notice{.key = QStringLiteral("recreated:%1@%2").arg(text(run)).arg(step), .tone = Notice::Tone::Failure,
                .title = nameOf(run), .text = {}, .actions = {}, .dismissed = {}};
  if (recreated) {
    notice.tone = isAsOnRecord(*recreated) ? Notice::Tone::Done : Notice::Tone::Warning;
    notice.text = tr("Step %1 was made again: %2").arg(count(step), recreatedText(*recreated));
    notice.actions.push_back({tr("Show"), [this, run, id = recreated->checkpoint.id] { selection_.selectCheckpoint(run, id); }});
  } else {
    notice.text = text(error->what());
  }
  banner_.post(std::move(notice));
}

QString Recreations::nameOf(const std::string& run) const { return text(client_.snapshot()->nameOf(run)); }

}  // namespace cairn::ui
