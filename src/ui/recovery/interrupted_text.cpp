#include "ui/recovery/interrupted_text.h"

#include <QCoreApplication>

#include "ui/text.h"

namespace cairn::ui {

namespace {

constexpr double kLittle = 0.1;  // seconds
constexpr double kLong = 100;  // seconds: longer ones are told as minutes

QString tr(const char* source) { return QCoreApplication::translate("cairn::ui::interrupted_text", source); }

QString timeText(double seconds) {
  if (seconds < kLittle) return tr("less than %1 s").arg(kLittle);
  return seconds < kLong ? tr("%1 s").arg(QString::number(seconds, 'f', 1)) : duration(seconds);
}

}  // namespace

QString interruptedText(const core::RunRecord& run, const core::CheckpointRecord* newest, double secondsLost) {
  const QString stopped = tr("stopped unexpectedly %1 at step %2.").arg(ago(run.updatedAt), count(run.step)) + QLatin1Char(' ');
  if (!newest) {
    return stopped + tr("It has no checkpoint yet; resuming begins again at step %1.").arg(count(run.parentStep));
  }
  const auto repeated = run.step - newest->step;
  if (repeated <= 0) return stopped + tr("Its last checkpoint is that very step: nothing is lost.");
  const auto earlier = secondsLost >= 0 ? tr(", %1 of training earlier").arg(timeText(secondsLost)) : QString();
  return stopped + tr("Its last checkpoint is step %1%2; resuming repeats %3.")
                       .arg(count(newest->step), earlier,
                            repeated == 1 ? tr("that one step exactly") : tr("those %1 steps exactly").arg(count(repeated)));
}

}  // namespace cairn::ui
