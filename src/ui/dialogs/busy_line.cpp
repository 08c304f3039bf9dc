#include "ui/dialogs/busy_line.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

#include "ui/progress_bar.h"
#include "ui/theme.h"

namespace cairn::ui {

BusyLine::BusyLine(LatestTask& task, QWidget* parent) : QWidget(parent), phase_(new QLabel), bar_(new QProgressBar) {
  auto* cancel = new QPushButton(QStringLiteral("Cancel"));
  cancel->setAutoDefault(false);
  bar_->setTextVisible(false);
  phase_->setProperty("role", "muted");
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(Theme::kSpacing);
  layout->addWidget(phase_);
  layout->addWidget(bar_, 1);
  layout->addWidget(cancel);
  hide();
  connect(&task, &LatestTask::started, this, [this] {
    showProgress(QStringLiteral("Working"), 0, 0);
    show();
  });
  connect(&task, &LatestTask::finished, this, &QWidget::hide);
  connect(&task, &LatestTask::progressed, this, &BusyLine::showProgress);
  connect(cancel, &QPushButton::clicked, &task, &LatestTask::cancel);
}

void BusyLine::showProgress(const QString& phase, qint64 done, qint64 total) {
  phase_->setText(phase);
  ui::showProgress(*bar_, done, total);
}

}  // namespace cairn::ui
