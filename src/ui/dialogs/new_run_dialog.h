// Everything that a new run needs, in one window: the settings, what they amount to, and why it cannot start yet.
// GUI thread.
#pragma once

#include <QDialog>

#include "core/run_spec.h"
#include "storage/home.h"
#include "ui/dialogs/latest_task.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace cairn::ui {

class RunPreview;
class SpecEditor;

class NewRunDialog : public QDialog {
  Q_OBJECT

 public:
  /// `initial` (a run to start over, or null) fills the form.
  NewRunDialog(const storage::Home& home, const core::RunSpec* initial, QWidget* parent = nullptr);

  /// For settings that start no run at once: what the window and its button are called.
  void setPurpose(const QString& title, const QString& verb);
  core::RunSpec spec() const;  ///< valid once the dialog was accepted

 private:
  QWidget* makeHeader();
  QWidget* makeFooter();
  void startFrom(int example);
  void offerColumns();
  void guessTarget(const QStringList& columns);
  void findCompanions();
  void offerDevices();
  void update();

  const storage::Home home_;  ///< where an example's files go
  QLineEdit* name_;
  QComboBox* startFrom_;
  SpecEditor* editor_;
  RunPreview* preview_;
  QLabel* problem_;
  QPushButton* start_;
  QString headerOf_;  // the file whose columns are offered
  QString companionsOf_;   ///< the images whose kin were looked for
  QString guessedTarget_;  ///< what a person did not choose
  LatestTask devicesTask_;
};

}  // namespace cairn::ui
