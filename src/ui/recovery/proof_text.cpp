#include "ui/recovery/proof_text.h"

#include <QCoreApplication>
#include <QStringList>

#include "core/run_history.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {
QString tr(const char* source) { return QCoreApplication::translate("cairn::ui::proof_text", source); }
}  // namespace

QString proofHeadline(const core::ResumeCheck& check) {
  return tr("%1 of %2 repeated steps identical").arg(count(check.identical), count(check.stepsRepeated));
}

QString proofDetail(const core::ResumeCheck& check, const std::vector<std::string>& changes) {
  if (!core::differs(check)) return {};
  QString words = tr("They first differ at %1.").arg(text(check.firstDifference)) + QLatin1Char(' ');
  if (changes.empty()) {
    return words + tr("Device, threads, LibTorch, CPU and data are as they were when the checkpoint was made.");
  }
  QStringList list;
  for (const auto& change : changes) list << text(change);
  return words + tr("Changed since the checkpoint: %1.").arg(list.join(QStringLiteral("; ")));
}

std::vector<std::string> changesSinceResume(const HomeSnapshot& snapshot, const std::string& run) {
  return core::changesSinceResume(snapshot.eventsOf(run));
}

bool hasProof(const core::RunRecord& run) { return run.resumeCheck && run.resumeCheck->stepsRepeated > 0; }

}  // namespace cairn::ui
