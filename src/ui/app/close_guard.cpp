#include "ui/app/close_guard.h"

#include <QCloseEvent>
#include <QMessageBox>
#include <QProgressDialog>
#include <QPushButton>

#include "ui/app/training_controller.h"

namespace cairn::ui {

CloseGuard::CloseGuard(QWidget* window, TrainingController& controller)
    : QObject(window), window_(window), controller_(controller) {}

void CloseGuard::handle(QCloseEvent* event) {
  if (saved_ || !controller_.busy()) {
    event->accept();
    return;
  }
  event->ignore();
  if (!open_) ask();
}

void CloseGuard::ask() {
  auto* question = new QMessageBox(window_);
  question->setAttribute(Qt::WA_DeleteOnClose);
  question->setObjectName(QStringLiteral("closeQuestion"));
  question->setWindowTitle(tr("Training is going on"));
  question->setText(tr("A run is training. Stop it and quit?"));
  question->setInformativeText(tr("A checkpoint is saved first, and the run can go on from exactly there."));
  auto* save = question->addButton(tr("Save and quit"), QMessageBox::AcceptRole);
  save->setObjectName(QStringLiteral("saveAndQuit"));
  save->setProperty("primary", true);
  question->setDefaultButton(save);
  question->setEscapeButton(question->addButton(tr("Keep training"), QMessageBox::RejectRole));
  open_ = question;
  connect(question, &QDialog::finished, this, [this] { open_ = nullptr; });
  connect(save, &QPushButton::clicked, this, &CloseGuard::saveAndClose, Qt::QueuedConnection);
  question->open();
}

void CloseGuard::saveAndClose() {
  auto* progress = new QProgressDialog(tr("Saving a checkpoint…"), QString(), 0, 0, window_);
  progress->setAttribute(Qt::WA_DeleteOnClose);
  progress->setWindowModality(Qt::WindowModal);
  progress->setMinimumDuration(0);
  progress->show();
  open_ = progress;
  connect(&controller_, &TrainingController::becameIdle, this, [this] {
    if (saved_) return;
    saved_ = true;
    open_->close();
    window_->close();
  });
  controller_.shutDown();
}

}  // namespace cairn::ui
