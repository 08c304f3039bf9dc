#include "ui/panels/status_line.h"

#include <QLabel>
#include <QToolButton>

#include "ui/labels.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {
constexpr std::int64_t kLittleSpace = 1'000'000'000;

QString speedText(const LiveRun& live) {
  using core::SessionState;
  if (live.run.empty()) return StatusLine::tr("idle");
  if (live.state == SessionState::Paused) return StatusLine::tr("paused");
  if (!live.phase.empty()) return StatusLine::tr("%1…").arg(text(live.phase));
  if (live.plan.totalSteps == 0) return StatusLine::tr("getting ready…");
  return StatusLine::tr("%1 steps/s").arg(count(static_cast<std::int64_t>(live.stepsPerSecond)));
}

QString deviceText(const core::TrainingStarted& plan) {
  if (plan.device.empty()) return {};
  const auto device = text(plan.device).toUpper();
  return plan.threads == 1 ? StatusLine::tr("%1 · 1 thread").arg(device)
                           : StatusLine::tr("%1 · %2 threads").arg(device).arg(plan.threads);
}
}  // namespace

StatusLine::StatusLine(QWidget* parent)
    : QStatusBar(parent), work_(new QLabel), speed_(new QLabel), device_(new QLabel), checkpoint_(new QLabel),
      space_(new QToolButton) {
  setSizeGripEnabled(false);
  for (auto* label : {work_, speed_, device_, checkpoint_}) {
    label->setContentsMargins(8, 2, 8, 2);
    addWidget(label);
  }
  space_->setObjectName(QStringLiteral("space"));
  space_->setProperty("flat", true);
  space_->setToolTip(tr("What checkpoints take on the disk, and what is free. Click to clean up."));
  connect(space_, &QToolButton::clicked, this, &StatusLine::spacePressed);
  addPermanentWidget(space_);
  work_->hide();
}

void StatusLine::setLive(const LiveRun& live, std::size_t queued) {
  auto words = speedText(live);
  if (queued > 0) words += tr(" · %1 queued").arg(queued);
  speed_->setText(words);
  device_->setText(live.run.empty() ? QString() : deviceText(live.plan));
}

void StatusLine::setSnapshot(const HomeSnapshot& snapshot, bool readOnly) {
  QStringList words;
  if (readOnly) words << tr("read only");
  words << tr("checkpoints %1").arg(bytes(snapshot.checkpointBytes));
  if (snapshot.trashBytes > 0) words << tr("trash %1").arg(bytes(snapshot.trashBytes));
  words << tr("%1 free").arg(bytes(snapshot.freeBytes));
  space_->setText(words.join(QStringLiteral("     ")));
  setRole(*space_, snapshot.freeBytes < kLittleSpace ? "error" : "");
}

void StatusLine::setLastCheckpoint(const core::CheckpointRecord& checkpoint) {
  const auto saved = tr("last checkpoint: step %1 saved").arg(count(checkpoint.step));
  checkpoint_->setText(checkpoint.saveSeconds > 0 ? tr("%1 in %2").arg(saved, milliseconds(checkpoint.saveSeconds)) : saved);
}

void StatusLine::setWork(const QString& words) {
  work_->setText(words);
  work_->setVisible(!words.isEmpty());
}

}  // namespace cairn::ui
