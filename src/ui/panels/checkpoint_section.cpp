#include "ui/panels/checkpoint_section.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/text.h"

#include "ui/checkpoint_names.h"
#include "ui/panels/fact_table.h"
#include "ui/panels/flow_layout.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

QToolButton* iconButton(const QString& name) {
  auto* button = new QToolButton;
  button->setProperty("flat", true);
  button->setAccessibleName(name);
  button->setToolTip(name);
  return button;
}

QString fileText(const core::CheckpointRecord& checkpoint) {
  switch (checkpoint.state) {
    case core::CheckpointState::Pruned: return CheckpointSection::tr("pruned, to save space");
    case core::CheckpointState::Deleted: return CheckpointSection::tr("in the trash");
    case core::CheckpointState::Missing: return CheckpointSection::tr("missing");
    case core::CheckpointState::Damaged: return CheckpointSection::tr("damaged");
    case core::CheckpointState::Ready: break;
  }
  const auto size = bytes(checkpoint.bytes);
  return checkpoint.verifiedAt.empty() ? size : CheckpointSection::tr("%1 · verified").arg(size);
}

QString rolesText(const core::CheckpointRecord& checkpoint) {
  QStringList words{text(core::toText(checkpoint.kind))};
  for (const auto& role : checkpoint.roles) {
    if (!words.contains(text(role))) words << text(role);
  }
  if (checkpoint.pinned) words << CheckpointSection::tr("pinned");
  return words.join(QStringLiteral(", "));
}

QList<Fact> factsOf(const HomeSnapshot& home, const core::CheckpointRecord& checkpoint, const core::RunRecord& run) {
  QList<Fact> facts{{CheckpointSection::tr("Run"), text(run.name), {}},
                    {CheckpointSection::tr("Epoch · step"),
                     QStringLiteral("%1 · %2").arg(count(checkpoint.epoch), count(checkpoint.step)), {}}};
  if (!checkpoint.parents.empty()) {
    facts.append({CheckpointSection::tr("Mean of"), namesOfParents(home, checkpoint), {}});
  }
  for (const char* series : {"train/loss", "train/accuracy", "val/loss", "val/accuracy", "lr"}) {
    const auto value = checkpoint.metrics.find(series);
    if (value == checkpoint.metrics.end()) continue;
    const bool best = run.best && run.best->metric == series && run.best->step == checkpoint.step;
    facts.append({metricTitle(series), metricValue(series, value->second), text(core::roundTrip(value->second)), best});
  }
  facts.append({CheckpointSection::tr("Saved"),
                checkpoint.saveSeconds > 0  // an averaged or pruned one was not timed
                    ? CheckpointSection::tr("%1 in %2").arg(localTime(checkpoint.createdAt), milliseconds(checkpoint.saveSeconds))
                    : localTime(checkpoint.createdAt), {}});
  facts.append({CheckpointSection::tr("Kept as"), rolesText(checkpoint), {}});
  facts.append({CheckpointSection::tr("File"), fileText(checkpoint), text(checkpoint.path)});
  return facts;
}

}  // namespace

CheckpointSection::CheckpointSection(QWidget* parent)
    : QWidget(parent), heading_(new QLabel), resume_(new QPushButton(tr("Resume"))),
      branch_(new QPushButton(tr("Branch from here"))), longer_(new QPushButton(tr("Train longer"))),
      predict_(new QPushButton(tr("Predict"))), compare_(new QPushButton(tr("Compare…"))),
      recreate_(new QPushButton(tr("Recreate"))), pin_(iconButton(tr("Pin"))), more_(iconButton(tr("More"))),
      state_(new QLabel), facts_(new FactTable) {
  heading_->setProperty("role", QStringLiteral("heading"));
  state_->setProperty("role", QStringLiteral("muted"));
  state_->setWordWrap(true);
  resume_->setProperty("primary", true);
  resume_->setObjectName(QStringLiteral("resumeCheckpoint"));
  branch_->setObjectName(QStringLiteral("branchCheckpoint"));
  longer_->setObjectName(QStringLiteral("trainLonger"));
  predict_->setObjectName(QStringLiteral("predictCheckpoint"));
  compare_->setObjectName(QStringLiteral("compareCheckpoint"));
  compare_->setToolTip(tr("With another checkpoint: metrics, settings, weights and predictions side by side"));
  recreate_->setObjectName(QStringLiteral("recreateCheckpoint"));
  recreate_->setToolTip(tr("Train again from the nearest earlier checkpoint, and compare with the record"));
  pin_->setObjectName(QStringLiteral("pinCheckpoint"));
  more_->setObjectName(QStringLiteral("moreCheckpoint"));
  pin_->setCheckable(true);

  auto* buttons = new FlowLayout(nullptr, 6);
  for (auto* button : {resume_, recreate_, branch_, longer_, predict_, compare_}) buttons->addWidget(button);
  auto* top = new QHBoxLayout;
  top->setSpacing(2);
  top->addWidget(heading_, 1);
  top->addWidget(pin_);
  top->addWidget(more_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(Theme::kSpacing);
  layout->addLayout(top);
  layout->addLayout(buttons);
  layout->addWidget(state_);
  layout->addWidget(facts_);

  connect(resume_, &QPushButton::clicked, this, [this] { Q_EMIT resumeRequested(run_); });
  connect(branch_, &QPushButton::clicked, this, [this] { Q_EMIT branchRequested(checkpoint_); });
  connect(longer_, &QPushButton::clicked, this, [this] { Q_EMIT trainLongerRequested(run_); });
  connect(predict_, &QPushButton::clicked, this, [this] { Q_EMIT predictRequested(checkpoint_); });
  connect(compare_, &QPushButton::clicked, this,
          [this] { Q_EMIT compareRequested(checkpoint_, compare_->mapToGlobal(QPoint(0, compare_->height()))); });
  connect(recreate_, &QPushButton::clicked, this, [this] { Q_EMIT recreateRequested(checkpoint_); });
  connect(pin_, &QToolButton::clicked, this, [this] { Q_EMIT pinRequested(checkpoint_, !pinned_); });
  connect(more_, &QToolButton::clicked, this,
          [this] { Q_EMIT moreRequested(checkpoint_, more_->mapToGlobal(QPoint(0, more_->height()))); });
  connect(&Theme::instance(), &Theme::changed, this, &CheckpointSection::dress);
  dress();
}

void CheckpointSection::dress() {
  pin_->setIcon(Theme::instance().icon(QStringLiteral("pin")));
  more_->setIcon(Theme::instance().icon(QStringLiteral("more")));
}

void CheckpointSection::show(const HomeSnapshot& snapshot, const core::CheckpointRecord& checkpoint,
                             const core::RunRecord& run, bool trains, bool readOnly) {
  checkpoint_ = checkpoint.id;
  run_ = run.id;
  pinned_ = checkpoint.pinned;
  heading_->setText(tr("CHECKPOINT · STEP %1").arg(count(checkpoint.step)));
  const auto* newest = snapshot.newestReady(run.id);
  showButtons(checkpoint, run, newest && newest->id == checkpoint.id, snapshot.atItsEnd(run), trains);
  for (auto* button : {resume_, branch_, longer_, recreate_}) button->setEnabled(button->isEnabled() && !readOnly);
  pin_->setChecked(pinned_);
  pin_->setToolTip(pinned_ ? tr("Pinned: never pruned. Click to unpin.") : tr("Pin: never prune it"));
  pin_->setEnabled(!readOnly && checkpoint.state == core::CheckpointState::Ready);
  facts_->setFacts(factsOf(snapshot, checkpoint, run));
}

// The four verbs never mix: the newest checkpoint of a run goes on, any other begins a branch; a run at its end
// that is to go on is trained longer.
void CheckpointSection::showButtons(const core::CheckpointRecord& checkpoint, const core::RunRecord& run, bool newest,
                                    bool atItsEnd, bool trains) {
  const bool usable = checkpoint.state == core::CheckpointState::Ready;
  const bool running = trains || run.status == core::RunStatus::Running || run.status == core::RunStatus::Queued;
  const bool resumable = newest && !running && !atItsEnd;
  resume_->setVisible(resumable);
  branch_->setVisible(!resumable);
  branch_->setEnabled(usable);
  longer_->setVisible(newest && atItsEnd && !running);
  longer_->setEnabled(usable);
  resume_->setEnabled(usable);
  predict_->setEnabled(usable);
  const bool lost = !usable && checkpoint.state != core::CheckpointState::Deleted;
  recreate_->setVisible(lost);
  recreate_->setEnabled(!running && checkpoint.step > run.parentStep);
  recreate_->setProperty("primary", lost);
  recreate_->style()->polish(recreate_);
  branch_->setProperty("primary", !resumable && usable);
  branch_->style()->polish(branch_);  // a changed property is looked at only then
  state_->setVisible(!usable || (newest && running));
  if (!usable) {
    state_->setText(checkpoint.state == core::CheckpointState::Deleted
                        ? tr("It is in the trash. Restore it from the menu to use it.")
                        : running ? tr("Its file is gone, its record stays. It can be made again once the run has ended.")
                                  : tr("Its file is gone, its record stays: it can be made again."));
  } else {
    state_->setText(tr("The run goes on from here at this moment."));
  }
}

}  // namespace cairn::ui
