#include "ui/recovery/step_dialog.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/dialogs/dialog_footer.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kWidth = 460;
constexpr int kMargin = 2 * Theme::kSpacing;
constexpr std::int64_t kMost = 2'000'000'000;  // what the box can count
}  // namespace

StepDialog::StepDialog(const core::RunRecord& run, const HomeSnapshot& snapshot, std::int64_t step, QWidget* parent)
    : QDialog(parent), begin_(run.parentStep), step_(new QSpinBox), cost_(new QLabel) {
  setWindowTitle(tr("Recreate a step of %1").arg(text(run.name)));
  setObjectName(QStringLiteral("stepDialog"));
  setMinimumWidth(kWidth);
  for (const auto& checkpoint : snapshot.checkpointsOf(run.id)) {
    if (checkpoint.state == core::CheckpointState::Ready) starts_.push_back(checkpoint.step);
  }
  step_->setRange(static_cast<int>(std::min(begin_ + 1, kMost)), static_cast<int>(std::min(run.step, kMost)));
  step_->setGroupSeparatorShown(true);
  step_->setValue(static_cast<int>(std::min(step, kMost)));
  step_->setObjectName(QStringLiteral("step"));
  cost_->setObjectName(QStringLiteral("cost"));
  cost_->setProperty("role", QStringLiteral("muted"));
  cost_->setWordWrap(true);
  auto* label = new QLabel(tr("&Step"));
  label->setBuddy(step_);
  auto* row = new QHBoxLayout;
  row->addWidget(label);
  row->addWidget(step_, 1);
  auto* start = new QPushButton(tr("&Recreate"));
  makePrimary(*start, QStringLiteral("start"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  layout->setSpacing(kMargin);
  layout->addLayout(row);
  layout->addWidget(cost_);
  layout->addWidget(dialogFooter(nullptr, {rejectButton(*this, tr("Cancel")), start}));
  connect(step_, &QSpinBox::valueChanged, this, &StepDialog::say);
  connect(start, &QPushButton::clicked, this, &QDialog::accept);
  say();
}

std::int64_t StepDialog::step() const { return step_->value(); }

void StepDialog::say() {
  const auto after = std::lower_bound(starts_.begin(), starts_.end(), step());
  const auto from = after == starts_.begin() ? begin_ : *std::prev(after);
  const auto steps = step() - from;
  const auto words = steps == 1 ? tr("One step is trained again, from step %1,").arg(count(from))
                                : tr("%1 steps are trained again, from step %2,").arg(count(steps), count(from));
  cost_->setText(words + tr(" and compared with the record. Nothing else of the run changes."));
}

}  // namespace cairn::ui
