// Asks which step of a run is to be made again, and says how much training that takes. GUI thread.
#pragma once

#include <QDialog>

#include "ui/home_snapshot.h"

class QLabel;
class QSpinBox;

namespace cairn::ui {

class StepDialog : public QDialog {
  Q_OBJECT

 public:
  /// `step` is where the choice begins.
  StepDialog(const core::RunRecord& run, const HomeSnapshot& snapshot, std::int64_t step, QWidget* parent = nullptr);
  std::int64_t step() const;

 private:
  void say();

  std::int64_t begin_;                // the step that the run began with: none leads there
  std::vector<std::int64_t> starts_;  // steps of good checkpoints, ascending
  QSpinBox* step_;
  QLabel* cost_;
};

}  // namespace cairn::ui
