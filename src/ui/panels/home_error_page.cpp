#include "ui/panels/home_error_page.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kColumnWidth = 560;
}

HomeErrorPage::HomeErrorPage(QWidget* parent)
    : QWidget(parent), home_(new QLabel), why_(new QLabel), advice_(new QLabel) {
  setObjectName(QStringLiteral("homeErrorPage"));
  auto* title = new QLabel(tr("This home cannot be opened"));
  title->setProperty("role", QStringLiteral("title"));
  home_->setProperty("role", QStringLiteral("muted"));
  why_->setProperty("role", QStringLiteral("error"));
  why_->setObjectName(QStringLiteral("homeErrorWhy"));
  for (auto* words : {home_, why_, advice_}) {
    words->setWordWrap(true);
    words->setTextInteractionFlags(Qt::TextSelectableByMouse);
  }
  auto* untouched = new QLabel(tr("Nothing in it was changed."));
  untouched->setProperty("role", QStringLiteral("muted"));
  auto* retry = new QPushButton(tr("Try again"));
  retry->setProperty("primary", true);
  retry->setObjectName(QStringLiteral("retryHome"));
  auto* quit = new QPushButton(tr("Quit"));
  connect(retry, &QPushButton::clicked, this, &HomeErrorPage::retryRequested);
  connect(quit, &QPushButton::clicked, this, &HomeErrorPage::quitRequested);

  auto* column = new QWidget;
  column->setMaximumWidth(kColumnWidth);
  auto* layout = new QVBoxLayout(column);
  layout->setSpacing(12);
  layout->addStretch(1);
  for (auto* words : {title, home_, why_, advice_, untouched}) layout->addWidget(words);
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(retry);
  buttons->addWidget(quit);
  buttons->addStretch(1);
  layout->addLayout(buttons);
  layout->addStretch(2);
  auto* centred = new QHBoxLayout(this);
  centred->addStretch(1);
  centred->addWidget(column, 100);
  centred->addStretch(1);
}

void HomeErrorPage::setError(const QString& home, const Error& error) {
  home_->setText(home);
  why_->setText(tr("%1: %2").arg(text(error.subject()), text(error.why())));
  advice_->setText(error.advice().empty() ? tr("Start with another folder: cairn --home DIR") : text(error.advice()));
}

}  // namespace cairn::ui
