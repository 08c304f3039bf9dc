// Asks how far a run goes back and with which lr it sets out anew. GUI thread.
#pragma once

#include <QDialog>
#include <optional>
#include <vector>

#include "core/records.h"
#include "training/job.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace cairn::ui {

class RewindDialog : public QDialog {
  Q_OBJECT

 public:
  /// `checkpoints` (newest first, not empty) can be used; the one at `good` is proposed. `trains`: the run trains at
  /// this moment, and will be stopped.
  RewindDialog(const core::RunRecord& run, std::vector<core::CheckpointRecord> checkpoints, std::size_t good, bool trains,
               QWidget* parent = nullptr);

  const core::CheckpointRecord& checkpoint() const;
  training::BranchOptions options() const;  ///< valid once the dialog was accepted

 private:
  QWidget* makeLrRow();
  void proposeLr(double factor);
  std::optional<double> lr() const;
  void update();

  core::RunRecord run_;
  std::vector<core::CheckpointRecord> checkpoints_;
  bool trains_;
  QComboBox* where_;
  QLineEdit* lr_;
  double proposed_ = 0;  ///< what the line shows a few digits of, until somebody writes there
  QLabel* meaning_;
  QPushButton* start_;
};

}  // namespace cairn::ui
