// Stands over the window while what trains is stopped with a checkpoint before the program ends; where that cannot be
// written it says why, and asks before the checkpoint is given up. GUI thread.
#pragma once

#include <QDialog>

#include "core/events.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace cairn::ui {

class SavingDialog : public QDialog {
  Q_OBJECT

 public:
  explicit SavingDialog(QWidget* parent = nullptr);
  void showTrouble(const core::StorageTrouble& trouble, const QString& whatIsLost);
  void showSaving();

 Q_SIGNALS:
  void giveUpRequested();
  void stayRequested();  ///< the program is not to end: what is held goes on being tried

 protected:
  void reject() override {}  // Escape answers neither question

 private:
  QLabel* title_;
  QLabel* why_;
  QLabel* held_;
  QProgressBar* bar_;
  QPushButton* stay_;
  QPushButton* giveUp_;
};

}  // namespace cairn::ui
