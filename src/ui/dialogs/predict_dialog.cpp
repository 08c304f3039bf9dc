#include "ui/dialogs/predict_dialog.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTabWidget>

#include "ui/catalog_client.h"
#include "ui/dialogs/busy_line.h"
#include "ui/dialogs/dialog_footer.h"
#include "ui/dialogs/predict_pages.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr QSize kSize{820, 560};
}

PredictDialog::PredictDialog(const core::CheckpointRecord& checkpoint, CatalogClient& catalog, QWidget* parent)
    : QDialog(parent), pages_(new QTabWidget), error_(new QLabel) {
  const auto name = text(catalog.snapshot()->nameOf(checkpoint.run));
  setWindowTitle(QStringLiteral("Predict with %1, step %2").arg(name, count(checkpoint.step)));
  resizeWithin(*this, kSize);
  error_->setProperty("role", "error");
  error_->setObjectName(QStringLiteral("error"));
  error_->setWordWrap(true);
  error_->hide();
  auto* close = new QPushButton(QStringLiteral("Close"));
  close->setAutoDefault(false);
  connect(close, &QPushButton::clicked, this, &QDialog::reject);
  auto* bottom = new QHBoxLayout;
  bottom->addWidget(new BusyLine(session_.task()), 1);
  bottom->addStretch();
  bottom->addWidget(close);
  auto* layout = new QVBoxLayout(this);
  constexpr int margin = 2 * Theme::kSpacing;
  layout->setContentsMargins(margin, margin, margin, margin);
  layout->setSpacing(Theme::kSpacing);
  layout->addWidget(pages_, 1);
  layout->addWidget(error_);
  layout->addLayout(bottom);

  connect(&session_, &PredictSession::loaded, this, &PredictDialog::showPages);
  connect(&session_.task(), &LatestTask::started, error_, &QWidget::hide);
  connect(&session_.task(), &LatestTask::failed, this, &PredictDialog::showError);
  session_.load(checkpoint);
}

void PredictDialog::showPages() {
  const auto& format = session_.model()->format();
  if (format == "text") {
    pages_->addTab(new PredictTextPage(session_), QStringLiteral("Text"));
    return;
  }
  if (format == "csv") pages_->addTab(new PredictRowPage(session_), QStringLiteral("A row"));
  else pages_->addTab(new PredictDrawingPage(session_), QStringLiteral("A drawing"));
  auto* file = new PredictFilePage(session_);
  connect(file, &PredictFilePage::failed, this, &PredictDialog::showError);
  pages_->addTab(file, QStringLiteral("A file"));
}

void PredictDialog::showError(const Error& error) {
  error_->setText(QString::fromUtf8(error.what()));
  error_->show();
}

}  // namespace cairn::ui
