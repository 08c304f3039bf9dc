#include "ui/panels/run_section.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/labels.h"
#include "ui/panels/fact_table.h"
#include "ui/panels/flow_layout.h"
#include "ui/panels/run_facts.h"
#include "ui/recovery/proof_badge.h"
#include "ui/recovery/rewind_plan.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kBarSteps = 1000;
}  // namespace

RunSection::RunSection(QWidget* parent)
    : QWidget(parent),
      heading_(wrappedLabel("heading")),
      more_(new QToolButton),
      bar_(new QProgressBar),
      progress_(wrappedLabel("muted")),
      failure_(wrappedLabel("error")),
      resume_(new QPushButton(tr("Resume"))),
      longer_(new QPushButton(tr("Train longer"))),
      predict_(new QPushButton(tr("Predict"))),
      rewind_(new QPushButton(tr("Rewind…"))),
      proof_(new ProofBadge),
      values_(new FactTable),
      lrRow_(new QWidget),
      lr_(new QLineEdit),
      lrError_(wrappedLabel("error")),
      settingsHeading_(wrappedLabel("heading")),
      settings_(new FactTable) {
  bar_->setRange(0, kBarSteps);
  bar_->setTextVisible(false);
  bar_->setAccessibleName(tr("Progress"));
  progress_->setObjectName(QStringLiteral("runProgress"));
  failure_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  resume_->setProperty("primary", true);
  resume_->setObjectName(QStringLiteral("resumeRun"));
  longer_->setObjectName(QStringLiteral("trainRunLonger"));
  predict_->setObjectName(QStringLiteral("predictRun"));
  predict_->setToolTip(tr("With the run's best checkpoint"));
  more_->setObjectName(QStringLiteral("moreRun"));
  more_->setProperty("flat", true);
  more_->setAccessibleName(tr("More for the run"));
  more_->setToolTip(tr("More for the run"));
  rewind_->setObjectName(QStringLiteral("rewindRun"));
  rewind_->setToolTip(tr("After a NaN or a spike: a branch from the newest good checkpoint, with a smaller lr"));
  settingsHeading_->setText(tr("SETTINGS"));
  lr_->setObjectName(QStringLiteral("liveLr"));
  lr_->setFixedWidth(96);
  lr_->setAlignment(Qt::AlignRight);
  lr_->setAccessibleName(tr("Learning rate"));
  lr_->setToolTip(tr("Takes effect with the next step, and is kept on record. Press Enter."));
  lrError_->hide();

  auto* lrName = wrappedLabel("muted");
  lrName->setText(tr("Learning rate"));
  auto* lrLayout = new QHBoxLayout(lrRow_);
  lrLayout->setContentsMargins(0, 0, 0, 0);
  lrLayout->addWidget(lrName, 1);
  lrLayout->addWidget(lr_);
  auto* buttons = new FlowLayout(nullptr, 6);
  for (auto* button : {resume_, longer_, predict_, rewind_}) buttons->addWidget(button);

  auto* top = new QHBoxLayout;
  top->addWidget(heading_, 1);
  top->addWidget(more_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(Theme::kSpacing);
  layout->addLayout(top);
  layout->addWidget(bar_);
  layout->addWidget(progress_);
  layout->addWidget(failure_);
  layout->addWidget(proof_);
  layout->addLayout(buttons);
  layout->addWidget(lrRow_);
  layout->addWidget(lrError_);
  layout->addWidget(values_);
  layout->addSpacing(Theme::kSpacing);
  layout->addWidget(settingsHeading_);
  layout->addWidget(settings_);
  connect(lr_, &QLineEdit::returnPressed, this, &RunSection::applyLr);
  connect(more_, &QToolButton::clicked, this,
          [this] { Q_EMIT moreRequested(run_, more_->mapToGlobal(QPoint(0, more_->height()))); });
  connect(&Theme::instance(), &Theme::changed, this, &RunSection::dress);
  connect(resume_, &QPushButton::clicked, this, [this] { Q_EMIT resumeRequested(run_); });
  connect(longer_, &QPushButton::clicked, this, [this] { Q_EMIT trainLongerRequested(run_); });
  connect(rewind_, &QPushButton::clicked, this, [this] { Q_EMIT rewindRequested(run_); });
  connect(predict_, &QPushButton::clicked, this, [this] { Q_EMIT predictRequested(bestCheckpoint_); });
  dress();
}

void RunSection::dress() { more_->setIcon(Theme::instance().icon(QStringLiteral("more"))); }

void RunSection::show(const HomeSnapshot& snapshot, const core::RunRecord& run, const LiveRun* live, bool readOnly) {
  run_ = run.id;
  heading_->setText(live || run.status == core::RunStatus::Running ? tr("RUN NOW") : tr("RUN"));
  showProgress(run, live);
  showLr(run, live);
  failure_->setVisible(!run.failure.empty() && run.status == core::RunStatus::Failed);
  failure_->setText(text(run.failure));
  const bool ended = verbsOffered_ && !live && run.status != core::RunStatus::Running && run.status != core::RunStatus::Queued;
  resume_->setVisible(ended && !snapshot.atItsEnd(run));
  longer_->setVisible(ended && snapshot.atItsEnd(run));
  const auto* best = snapshot.bestReady(run);
  bestCheckpoint_ = best ? best->id : std::string();
  predict_->setVisible(verbsOffered_ && best);
  rewind_->setVisible(whyNotRewind(snapshot, run).isEmpty());
  rewind_->setEnabled(!readOnly);
  proof_->show(snapshot, run);
  resume_->setEnabled(!readOnly);
  longer_->setEnabled(!readOnly);
  values_->setFacts(valuesOf(snapshot, run, live));
  settings_->setFacts(settingsOf(run));  // of a run that trains too: trained longer, it has another length
}

void RunSection::showProgress(const core::RunRecord& run, const LiveRun* live) {
  const auto progress = progressOf(run, live);
  bar_->setRange(0, progress.busy ? 0 : kBarSteps);
  bar_->setValue(static_cast<int>(std::lround(progress.part * kBarSteps)));
  progress_->setText(progress.words);
}

void RunSection::showLr(const core::RunRecord& run, const LiveRun* live) {
  lrRow_->setVisible(live != nullptr);
  if (!live) {
    lrError_->hide();
    return;
  }
  if (lr_->hasFocus()) return;  // it is being typed
  const auto value = live->latest.find(core::Series::Lr);
  const double lr = value == live->latest.end() ? core::learningRate(run.spec.optimizer) : value->second;
  lr_->setText(number(lr));
}

void RunSection::applyLr() {
  bool isNumber = false;
  const double lr = lr_->text().trimmed().toDouble(&isNumber);
  const bool valid = isNumber && std::isfinite(lr) && lr >= 0;
  lrError_->setVisible(!valid);
  if (!valid) {
    lrError_->setText(tr("“%1” is no learning rate: write a number such as 0.001.").arg(lr_->text()));
    return;
  }
  lr_->clearFocus();
  Q_EMIT lrEdited(lr);
}

}  // namespace cairn::ui
