#include "ui/recovery/interrupted_dialog.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr QSize kSize{720, 340};
constexpr int kMargin = 2 * Theme::kSpacing;
}  // namespace

InterruptedDialog::InterruptedDialog(bool readOnly, QWidget* parent)
    : QDialog(parent), readOnly_(readOnly), list_(new QVBoxLayout), all_(new QPushButton(tr("Resume &all"))) {
  setWindowTitle(tr("Runs that stopped unexpectedly"));
  setObjectName(QStringLiteral("interruptedList"));
  resize(kSize);
  auto* rows = new QWidget;
  list_->setContentsMargins(0, 0, 0, 0);
  list_->setSpacing(Theme::kSpacing);
  list_->addStretch(1);
  rows->setLayout(list_);
  auto* scroll = new QScrollArea;
  scroll->setWidget(rows);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  auto* close = new QPushButton(tr("Close"));
  close->setAutoDefault(false);
  all_->setAutoDefault(false);
  all_->setObjectName(QStringLiteral("resumeAll"));
  all_->setToolTip(tr("One after the other"));
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(all_);
  buttons->addStretch(1);
  buttons->addWidget(close);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  layout->setSpacing(kMargin);
  layout->addWidget(scroll, 1);
  layout->addLayout(buttons);
  connect(all_, &QPushButton::clicked, this, &InterruptedDialog::resumeAll);
  connect(close, &QPushButton::clicked, this, &QDialog::reject);
}

void InterruptedDialog::setRows(const std::vector<InterruptedRow>& rows) {
  if (rows == rows_) return;
  rows_ = rows;
  if (rows.empty()) return accept();
  while (list_->count() > 1) {
    auto* item = list_->takeAt(0);
    item->widget()->hide();
    item->widget()->deleteLater();
    delete item;
  }
  for (const auto& row : rows) list_->insertWidget(list_->count() - 1, makeRow(row));
  all_->setVisible(!readOnly_ && rows.size() > 1);
}

QWidget* InterruptedDialog::makeRow(const InterruptedRow& row) {
  auto* card = new QFrame;
  card->setProperty("card", true);
  auto* name = new QLabel(row.name);
  name->setProperty("role", QStringLiteral("strong"));
  auto* words = new QLabel(row.words);
  words->setProperty("role", QStringLiteral("muted"));
  for (auto* label : {name, words}) {
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
  }
  auto* both = new QVBoxLayout;
  both->setSpacing(2);
  both->addWidget(name);
  both->addWidget(words);
  auto* layout = new QHBoxLayout(card);
  layout->setSpacing(Theme::kSpacing);
  layout->addLayout(both, 1);
  const auto add = [&](const QString& verb, const char* id, void (InterruptedDialog::*told)(const std::string&)) {
    auto* button = new QPushButton(verb);
    button->setAutoDefault(false);
    button->setObjectName(QLatin1String(id) + text(row.run));
    button->setAccessibleName(tr("%1 %2").arg(verb, row.name));
    connect(button, &QPushButton::clicked, this, [this, told, run = row.run] { Q_EMIT (this->*told)(run); });
    layout->addWidget(button, 0, Qt::AlignVCenter);
    return button;
  };
  auto* resume = add(tr("Resume"), "resume_", &InterruptedDialog::resumeRequested);
  resume->setProperty("primary", true);
  resume->setVisible(!readOnly_);
  add(tr("Show"), "show_", &InterruptedDialog::showRequested);
  add(tr("Dismiss"), "dismiss_", &InterruptedDialog::dismissRequested);
  return card;
}

void InterruptedDialog::resumeAll() {
  for (const auto& row : std::vector(rows_)) Q_EMIT resumeRequested(row.run);
}

}  // namespace cairn::ui
