// Takes a checkpoint out as a file of another program: which format, and what it carries, said before anything is
// written. GUI thread.
#pragma once

#include "core/records.h"
#include "storage/home.h"
#include "ui/dialogs/carried_list.h"
#include "ui/dialogs/save_dialog.h"

class QCheckBox;

namespace cairn::ui {

class ExportDialog : public SaveDialog {
  Q_OBJECT

 public:
  ExportDialog(const storage::Home& home, core::CheckpointRecord checkpoint, const QString& runName,
               QWidget* parent = nullptr);

 protected:
  void formatChanged() override;
  Files filesOf(const std::filesystem::path& target) const override;
  Write writeTo(const std::filesystem::path& target) override;

 private:
  ExportKind kind() const { return static_cast<ExportKind>(format()); }
  bool holdsNumbers() const { return kind() == ExportKind::Checkpoint || kind() == ExportKind::Script; }
  void look();

  storage::Home home_;
  core::CheckpointRecord checkpoint_;
  CheckpointParts parts_;
  CarriedList* carried_;
  QCheckBox* old_;
  LatestTask look_;  // last, so that it ends first
};

}  // namespace cairn::ui
