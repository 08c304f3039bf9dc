#include "ui/dialogs/train_longer_dialog.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/dialogs/carried_over.h"
#include "ui/dialogs/dialog_footer.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kMost = 1'000'000'000;
constexpr int kWidth = 420;

}  // namespace

TrainLongerDialog::TrainLongerDialog(const core::RunRecord& run, QWidget* parent)
    : QDialog(parent), run_(run), inSteps_(run.spec.training.steps.has_value()), more_(new QSpinBox), total_(new QLabel) {
  setWindowTitle(QStringLiteral("Train %1 longer").arg(QString::fromStdString(run.name)));
  setMinimumWidth(kWidth);
  const auto& training = run_.spec.training;
  const auto limit = inSteps_ ? *training.steps : training.epochs.value_or(run.epoch);
  more_->setRange(1, kMost);
  more_->setGroupSeparatorShown(true);
  more_->setValue(static_cast<int>(std::clamp<std::int64_t>(limit / 2, 1, kMost)));
  more_->setObjectName(QStringLiteral("more"));
  auto* label = new QLabel(inSteps_ ? QStringLiteral("&More steps") : QStringLiteral("&More epochs"));
  label->setBuddy(more_);
  total_->setObjectName(QStringLiteral("total"));
  total_->setProperty("role", "muted");
  total_->setWordWrap(true);

  auto* row = new QHBoxLayout;
  row->addWidget(label);
  row->addWidget(more_, 1);
  auto* start = new QPushButton(QStringLiteral("&Train longer"));
  makePrimary(*start, QStringLiteral("start"));
  auto* layout = new QVBoxLayout(this);
  constexpr int margin = 2 * Theme::kSpacing;
  layout->setContentsMargins(margin, margin, margin, margin);
  layout->setSpacing(margin);
  layout->addLayout(row);
  layout->addWidget(total_);
  layout->addWidget(dialogFooter(nullptr, {rejectButton(*this, QStringLiteral("Cancel")), start}));
  more_->selectAll();  // a number typed at once takes its place
  connect(more_, &QSpinBox::valueChanged, this, &TrainLongerDialog::showTotal);
  connect(start, &QPushButton::clicked, this, &QDialog::accept);
  showTotal();
}

training::ResumeOptions TrainLongerDialog::options() const {
  training::ResumeOptions options;
  (inSteps_ ? options.steps : options.epochs) = total();
  return options;
}

std::int64_t TrainLongerDialog::total() const {
  const auto& training = run_.spec.training;
  return (inSteps_ ? *training.steps : training.epochs.value_or(run_.epoch)) + more_->value();
}

// A cosine schedule goes on with the T_max that it began with; the person should hear so before, not after.
void TrainLongerDialog::showTotal() {
  const auto reached = inSteps_ ? run_.step : run_.epoch;
  QString text = QStringLiteral("%1 in all; %2 done so far.").arg(inSteps_ ? steps(total()) : epochs(total()), count(reached));
  const auto* cosine = std::get_if<core::CosineAnnealingLR>(&run_.spec.lrScheduler.schedule);
  if (cosine)
    text += QLatin1Char(' ') + cosineRisesAgain();
  total_->setText(text);
}

}  // namespace cairn::ui
