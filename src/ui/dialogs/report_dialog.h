// Writes a run's report, settings, curves, checkpoints, environment and the
// proof of its resume, to one file. GUI thread.
#pragma once

#include "core/records.h"
#include "storage/home.h"
#include "ui/dialogs/save_dialog.h"

namespace cairn::ui {

class ReportDialog : public SaveDialog {
  Q_OBJECT

 public:
  ReportDialog(const storage::Home& home, const core::RunRecord& run, QWidget* parent = nullptr);

 protected:
  Write writeTo(const std::filesystem::path& target) override;

 private:
  storage::Home home_;
  std::string run_;
};

}  // namespace cairn::ui
