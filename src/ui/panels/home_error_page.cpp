#include "ui/panels/home_error_page.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

#include "core/error_codes.h"
#include "ui/progress_bar.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kColumnWidth = 560;

QString titleOf(const Error& error, bool rebuildable) {
  if (error.code() == kCatalogNewer) return HomeErrorPage::tr("This home is from a newer version of Cairn");
  if (error.code() == kCatalogForeign) return HomeErrorPage::tr("This home holds another program's database");
  if (error.code() == kCatalogMissing) return HomeErrorPage::tr("The catalog of this home is gone");
  return rebuildable ? HomeErrorPage::tr("The catalog of this home is damaged") : HomeErrorPage::tr("This home cannot be opened");
}

QString adviceOf(const Error& error, bool rebuildable) {
  if (rebuildable) {
    return HomeErrorPage::tr("It can be made anew: from its own backup first, then from the checkpoint files, each of which "
                             "carries its run, step, settings and metrics. What is there now is set aside, nothing is "
                             "deleted. Curves, notes and pins that are newer than the backup cannot be brought back.");
  }
  return error.advice().empty() ? HomeErrorPage::tr("Choose another folder, or put this one right and try again.") : text(error.advice());
}

}  // namespace

HomeErrorPage::HomeErrorPage(QWidget* parent)
    : QWidget(parent), title_(new QLabel), home_(new QLabel), why_(new QLabel), advice_(new QLabel),
      untouched_(new QLabel(tr("Nothing in it was changed."))), phase_(new QLabel), bar_(new QProgressBar),
      buttons_(new QHBoxLayout), rebuild_(button(tr("Rebuild"), "rebuildHome", &HomeErrorPage::rebuildRequested)),
      retry_(button(tr("Try again"), "retryHome", &HomeErrorPage::retryRequested)),
      other_(button(tr("Open another home…"), "otherHome", &HomeErrorPage::otherHomeRequested)),
      cancel_(button(tr("Cancel"), "cancelRebuild", &HomeErrorPage::cancelRequested)),
      quit_(button(tr("Quit"), "quitHome", &HomeErrorPage::quitRequested)) {
  setObjectName(QStringLiteral("homeErrorPage"));
  title_->setProperty("role", QStringLiteral("title"));
  title_->setObjectName(QStringLiteral("homeErrorTitle"));
  home_->setProperty("role", QStringLiteral("muted"));
  why_->setProperty("role", QStringLiteral("error"));
  why_->setObjectName(QStringLiteral("homeErrorWhy"));
  advice_->setObjectName(QStringLiteral("homeErrorAdvice"));
  untouched_->setProperty("role", QStringLiteral("muted"));
  phase_->setProperty("role", QStringLiteral("muted"));
  bar_->setTextVisible(false);
  bar_->setAccessibleName(tr("Progress"));
  buttons_->addStretch(1);

  auto* column = new QWidget;
  column->setMaximumWidth(kColumnWidth);
  auto* layout = new QVBoxLayout(column);
  layout->setSpacing(12);
  layout->addStretch(1);
  for (auto* words : {title_, home_, why_, advice_, untouched_, phase_}) {
    words->setWordWrap(true);
    words->setTextFormat(Qt::PlainText);
    words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(words);
  }
  layout->addWidget(bar_);
  layout->addLayout(buttons_);
  layout->addStretch(2);
  auto* centred = new QHBoxLayout(this);
  centred->addStretch(1);
  centred->addWidget(column, 100);
  centred->addStretch(1);
}

QPushButton* HomeErrorPage::button(const QString& words, const char* id, void (HomeErrorPage::*told)()) {
  auto* made = new QPushButton(words);
  made->setObjectName(QLatin1String(id));
  connect(made, &QPushButton::clicked, this, told);
  buttons_->addWidget(made);
  return made;
}

void HomeErrorPage::setError(const QString& home, const Error& error, bool rebuildable) {
  title_->setText(titleOf(error, rebuildable));
  home_->setText(home);
  why_->setText(tr("%1: %2").arg(text(error.subject()), text(error.why())));
  advice_->setText(adviceOf(error, rebuildable));
  setWorking(false);
  rebuild_->setVisible(rebuildable);
  rebuild_->setProperty("primary", rebuildable);
  retry_->setProperty("primary", !rebuildable);
  for (auto* one : {rebuild_, retry_}) one->style()->polish(one);
}

void HomeErrorPage::showRebuilding(const QString& phase, qint64 done, qint64 total) {
  setWorking(true);
  phase_->setText(total > 0 ? tr("%1: %2 of %3").arg(phase, count(done), count(total)) : phase);
  showProgress(*bar_, done, total);
}

void HomeErrorPage::showRebuildFailed(const QString& why) {
  setWorking(false);
  rebuild_->show();
  if (!why.isEmpty()) why_->setText(why);
}

void HomeErrorPage::setWorking(bool working) {
  for (QWidget* part : {static_cast<QWidget*>(phase_), static_cast<QWidget*>(bar_), static_cast<QWidget*>(cancel_)})
    part->setVisible(working);
  for (QWidget* part : {static_cast<QWidget*>(rebuild_), static_cast<QWidget*>(retry_), static_cast<QWidget*>(other_),
                        static_cast<QWidget*>(untouched_)})
    part->setVisible(!working);
}

}  // namespace cairn::ui
