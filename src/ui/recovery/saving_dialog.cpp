#include "ui/recovery/saving_dialog.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kWidth = 480;
constexpr int kMargin = 2 * Theme::kSpacing;
}  // namespace

SavingDialog::SavingDialog(QWidget* parent)
    : QDialog(parent), title_(new QLabel), why_(new QLabel), held_(new QLabel), bar_(new QProgressBar),
      stay_(new QPushButton(tr("Do not quit"))), giveUp_(new QPushButton(tr("Quit without it"))) {
  setObjectName(QStringLiteral("savingDialog"));
  setWindowTitle(tr("Saving"));
  setModal(true);
  setMinimumWidth(kWidth);
  why_->setObjectName(QStringLiteral("savingTrouble"));
  why_->setProperty("role", QStringLiteral("error"));
  held_->setProperty("role", QStringLiteral("muted"));
  for (auto* words : {title_, why_, held_}) {
    words->setWordWrap(true);
    words->setTextFormat(Qt::PlainText);
  }
  bar_->setRange(0, 0);
  bar_->setTextVisible(false);
  stay_->setObjectName(QStringLiteral("stay"));
  giveUp_->setObjectName(QStringLiteral("giveUp"));
  auto* buttons = new QHBoxLayout;
  buttons->addStretch(1);
  for (auto* button : {giveUp_, stay_}) {
    button->setAutoDefault(false);
    buttons->addWidget(button);
  }
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  layout->setSpacing(Theme::kSpacing + 2);
  for (QWidget* part : {static_cast<QWidget*>(title_), static_cast<QWidget*>(bar_), static_cast<QWidget*>(why_),
                        static_cast<QWidget*>(held_)})
    layout->addWidget(part);
  layout->addLayout(buttons);
  connect(stay_, &QPushButton::clicked, this, &SavingDialog::stayRequested);
  connect(giveUp_, &QPushButton::clicked, this, &SavingDialog::giveUpRequested);
  showSaving();
}

void SavingDialog::showSaving() {
  title_->setText(tr("Stopping with a checkpoint…"));
  for (QWidget* part : {static_cast<QWidget*>(why_), static_cast<QWidget*>(held_), static_cast<QWidget*>(stay_),
                        static_cast<QWidget*>(giveUp_)})
    part->hide();
  adjustSize();
}

void SavingDialog::showTrouble(const core::StorageTrouble& trouble, const QString& whatIsLost) {
  title_->setText(tr("The checkpoint cannot be written. It is tried again every two seconds, and Cairn ends as soon as it "
                     "is on the disk."));
  why_->setText(trouble.error ? text(trouble.error->what()) : QString());
  held_->setText(tr("%1 are held in memory. %2").arg(bytes(trouble.heldBytes), whatIsLost));
  for (QWidget* part : {static_cast<QWidget*>(why_), static_cast<QWidget*>(held_), static_cast<QWidget*>(stay_),
                        static_cast<QWidget*>(giveUp_)})
    part->show();
  adjustSize();
}

}  // namespace cairn::ui
