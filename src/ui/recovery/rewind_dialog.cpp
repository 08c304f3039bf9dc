#include "ui/recovery/rewind_dialog.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <cmath>

#include "core/text.h"
#include "ui/dialogs/dialog_footer.h"
#include "ui/recovery/rewind_plan.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kWidth = 500;
constexpr int kMargin = 2 * Theme::kSpacing;

QString placeText(const core::CheckpointRecord& checkpoint, bool good) {
  QStringList parts{RewindDialog::tr("step %1").arg(count(checkpoint.step)),
                    RewindDialog::tr("epoch %1").arg(count(checkpoint.epoch))};
  const auto validation = checkpoint.metrics.find("val/loss");
  if (validation != checkpoint.metrics.end()) {
    parts << RewindDialog::tr("val loss %1").arg(number(validation->second));
  } else if (checkpoint.loss) {
    parts << RewindDialog::tr("loss %1").arg(number(*checkpoint.loss));
  }
  if (good) parts << RewindDialog::tr("the newest good one");
  return parts.join(QStringLiteral(" · "));
}

}  // namespace

RewindDialog::RewindDialog(const core::RunRecord& run, std::vector<core::CheckpointRecord> checkpoints, std::size_t good,
                           bool trains, QWidget* parent)
    : QDialog(parent), run_(run), checkpoints_(std::move(checkpoints)), trains_(trains), where_(new QComboBox),
      lr_(new QLineEdit), meaning_(new QLabel), start_(new QPushButton(tr("Re&wind"))) {
  setWindowTitle(tr("Rewind %1").arg(text(run.name)));
  setObjectName(QStringLiteral("rewindDialog"));
  setMinimumWidth(kWidth);
  for (std::size_t at = 0; at < checkpoints_.size(); ++at) where_->addItem(placeText(checkpoints_[at], at == good));
  where_->setCurrentIndex(static_cast<int>(good));
  where_->setObjectName(QStringLiteral("rewindTo"));
  meaning_->setObjectName(QStringLiteral("rewindMeaning"));
  meaning_->setProperty("role", QStringLiteral("muted"));
  meaning_->setWordWrap(true);
  makePrimary(*start_, QStringLiteral("rewind"));
  auto* form = new QFormLayout;
  form->setHorizontalSpacing(kMargin);
  form->setVerticalSpacing(Theme::kSpacing);
  form->addRow(tr("&Back to"), where_);
  form->addRow(tr("&Learning rate"), makeLrRow());
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  layout->setSpacing(kMargin);
  layout->addLayout(form);
  layout->addWidget(meaning_);
  layout->addWidget(dialogFooter(nullptr, {rejectButton(*this, tr("Cancel")), start_}));
  connect(where_, &QComboBox::currentIndexChanged, this, [this] { proposeLr(0.1); });
  connect(lr_, &QLineEdit::textChanged, this, &RewindDialog::update);
  connect(start_, &QPushButton::clicked, this, &QDialog::accept);
  proposeLr(0.1);
  lr_->setFocus();
  lr_->selectAll();
}

QWidget* RewindDialog::makeLrRow() {
  auto* row = new QWidget;
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(6);
  lr_->setObjectName(QStringLiteral("rewindLr"));
  row->setFocusProxy(lr_);
  layout->addWidget(lr_, 1);
  const std::tuple<QString, const char*, double> choices[] = {{tr("A tenth"), "lrTenth", 0.1},
                                                              {tr("Half"), "lrHalf", 0.5},
                                                              {tr("As it was"), "lrSame", 1.0}};
  for (const auto& [words, id, factor] : choices) {
    auto* button = new QPushButton(words);
    button->setAutoDefault(false);
    button->setObjectName(QLatin1String(id));
    connect(button, &QPushButton::clicked, this, [this, factor = factor] { proposeLr(factor); });
    layout->addWidget(button);
  }
  return row;
}

const core::CheckpointRecord& RewindDialog::checkpoint() const {
  return checkpoints_[static_cast<std::size_t>(where_->currentIndex())];
}

void RewindDialog::proposeLr(double factor) {
  const double before = lrAt(run_, checkpoint());
  proposed_ = factor == 0.1 ? suggestedLr(before) : before * factor;
  lr_->setText(number(proposed_));
  update();
}

std::optional<double> RewindDialog::lr() const {
  if (lr_->text() == number(proposed_)) return proposed_;  // all its digits, of which few are shown
  bool isNumber = false;
  const double value = lr_->text().trimmed().toDouble(&isNumber);
  return isNumber && std::isfinite(value) && value >= 0 ? std::optional(value) : std::nullopt;
}

training::BranchOptions RewindDialog::options() const { return rewindOptions(run_, checkpoint(), lr().value_or(0)); }

void RewindDialog::update() {
  const auto chosen = lr();
  start_->setEnabled(chosen.has_value());
  if (!chosen) {
    meaning_->setText(tr("“%1” is no learning rate: write a number such as 0.001.").arg(lr_->text()));
    return;
  }
  const double before = lrAt(run_, checkpoint());
  auto words = tr("A branch sets out from step %1; %2 stays as it is.").arg(count(checkpoint().step), text(run_.name));
  if (*chosen == before) {
    words += QLatin1Char(' ') + tr("With the same learning rate it takes the very same steps again.");
  } else {
    words += QLatin1Char(' ') + tr("The learning rate was %1 there.").arg(number(before));
  }
  if (trains_) words += QLatin1Char(' ') + tr("What trains now is stopped first, with a checkpoint.");
  meaning_->setText(words);
}

}  // namespace cairn::ui
