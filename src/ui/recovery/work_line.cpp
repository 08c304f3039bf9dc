#include "ui/recovery/work_line.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

#include "ui/progress_bar.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kBarWidth = 260;
}  // namespace

WorkLine::WorkLine(QWidget* parent)
    : QWidget(parent), words_(new QLabel), bar_(new QProgressBar), cancel_(new QPushButton(tr("Cancel"))) {
  setObjectName(QStringLiteral("workLine"));
  setProperty("role", QStringLiteral("toolbar"));
  setAttribute(Qt::WA_StyledBackground);
  words_->setObjectName(QStringLiteral("workWords"));
  words_->setTextFormat(Qt::PlainText);
  words_->setWordWrap(true);
  bar_->setTextVisible(false);
  bar_->setFixedWidth(kBarWidth);
  bar_->setAccessibleName(tr("Progress"));
  cancel_->setObjectName(QStringLiteral("cancelWork"));
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(14, 6, 10, 7);
  layout->setSpacing(Theme::kSpacing);
  layout->addWidget(words_, 1);
  layout->addWidget(bar_);
  layout->addWidget(cancel_);
  connect(cancel_, &QPushButton::clicked, this, &WorkLine::cancelRequested);
  hide();
}

void WorkLine::show(const QString& words, qint64 done, qint64 total) {
  words_->setText(words);
  showProgress(*bar_, done, total);
  QWidget::show();
}

}  // namespace cairn::ui
