#include "ui/app/close_guard.h"

#include <QCloseEvent>
#include <QMessageBox>
#include <QPushButton>
#include <utility>

#include "ui/app/training_controller.h"
#include "ui/catalog_client.h"
#include "ui/recovery/saving_dialog.h"
#include "ui/text.h"

namespace cairn::ui {

CloseGuard::CloseGuard(QWidget* window, TrainingController& controller, CatalogClient& client)
    : QObject(window), window_(window), controller_(controller), client_(client) {
  connect(&controller, &TrainingController::becameIdle, this, &CloseGuard::onIdle);
  connect(&controller, &TrainingController::storageTroubled, this, &CloseGuard::onTrouble);
}

void CloseGuard::handle(QCloseEvent* event) {
  if (!controller_.busy()) {
    event->accept();
    return;
  }
  event->ignore();
  if (question_ || saving_) return;
  // A step that is made again can be made again another time: nothing is lost.
  controller_.onlyRecreates() ? save(Then::Close) : ask();
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
  question_ = question;
  connect(save, &QPushButton::clicked, this, [this] { this->save(Then::Close); }, Qt::QueuedConnection);
  question->open();
}

void CloseGuard::save(Then then) {
  then_ = then;
  if (question_) question_->close();
  if (saving_) return;
  saving_ = new SavingDialog(window_);
  saving_->setAttribute(Qt::WA_DeleteOnClose);
  connect(saving_, &SavingDialog::giveUpRequested, &controller_, &TrainingController::giveUp);
  connect(saving_, &SavingDialog::stayRequested, this, &CloseGuard::stay);
  saving_->show();
  controller_.shutDown();
}

void CloseGuard::onIdle() {
  if (!saving_) return;
  delete saving_;  // now: a window that closes must have no dialog left
  Q_EMIT saved();
  if (then_ == Then::Close) window_->close();
}

void CloseGuard::onTrouble(const core::StorageTrouble& trouble) {
  if (!saving_) return;
  if (trouble.recovered) return saving_->showSaving();
  saving_->showTrouble(trouble, whatIsLost());
  if (trouble.error) Q_EMIT cannotSave(*trouble.error);
}

void CloseGuard::stay() {
  delete saving_;
  controller_.stayUp();
  Q_EMIT stayed();
}

QString CloseGuard::whatIsLost() const {
  const auto snapshot = client_.snapshot();
  const auto& run = controller_.live().run;
  const auto* record = snapshot->run(run);
  const auto* newest = snapshot->newestReady(run);
  if (!record) return {};
  return newest ? tr("Without it, %1 goes on from step %2 the next time.").arg(text(record->name), count(newest->step))
                : tr("Without it, %1 begins again the next time.").arg(text(record->name));
}

}  // namespace cairn::ui
