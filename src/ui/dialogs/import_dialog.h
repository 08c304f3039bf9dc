// Brings a PyTorch or safetensors file in as a paused run: which file, with which settings, and what that would do,
// shown before anything is done. GUI thread; reading, matching and importing have a thread of their own.
#pragma once

#include <QDialog>
#include <memory>
#include <optional>

#include "core/records.h"
#include "storage/home.h"
#include "training/import.h"
#include "ui/dialogs/latest_task.h"
#include "ui/home_snapshot.h"

class QCheckBox;
class QLineEdit;
class QPushButton;

namespace cairn::ui {

class ImportPreview;
class PathLine;
class SpecSource;

class ImportDialog : public QDialog {
  Q_OBJECT

 public:
  /// `path`: the file, or "" to be chosen here.
  ImportDialog(const storage::Home& home, HomeSnapshotPtr snapshot, const QString& path, QWidget* parent = nullptr);

 Q_SIGNALS:
  /// The run is there, paused at its first checkpoint; the dialog has closed.
  void imported(const cairn::core::CheckpointRecord& checkpoint, const QString& name);

 private:
  QWidget* makeForm();
  QWidget* makeFooter();
  void readFile();
  void settingsChanged();
  void preview();
  void showPlan(const engine::ImportPlan& plan);
  void showError(const Error& error);
  void importNow();
  void setBusy(bool importing);
  training::ImportOptions options() const;

  storage::Home home_;
  PathLine* file_;
  SpecSource* settings_;
  QLineEdit* name_;
  QCheckBox* weightsOnly_;
  ImportPreview* preview_;
  QPushButton* import_;
  QWidget* form_;
  std::shared_ptr<const training::ImportSource> source_;
  bool importing_ = false;
  LatestTask task_;  // last, so that it ends first
};

}  // namespace cairn::ui
