// Raises a run's limit: how many more epochs or steps, and the new total. GUI thread.
#pragma once

#include <QDialog>

#include "core/records.h"
#include "training/job.h"

class QLabel;
class QSpinBox;

namespace cairn::ui {

class TrainLongerDialog : public QDialog {
  Q_OBJECT

 public:
  explicit TrainLongerDialog(const core::RunRecord& run, QWidget* parent = nullptr);

  training::ResumeOptions options() const;

 private:
  std::int64_t total() const;
  void showTotal();

  core::RunRecord run_;
  bool inSteps_;
  QSpinBox* more_;
  QLabel* total_;
};

}  // namespace cairn::ui
