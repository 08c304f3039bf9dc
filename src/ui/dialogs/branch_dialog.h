// A new run from a checkpoint: the parent's settings, each editable but for what the weights are tied to, with what
// changed marked. GUI thread.
#pragma once

#include <QDialog>

#include "core/records.h"
#include "training/job.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace cairn::ui {

class FormField;
class SpecEditor;

class BranchDialog : public QDialog {
  Q_OBJECT

 public:
  BranchDialog(const core::CheckpointRecord& checkpoint, const core::RunRecord& parent, QWidget* widgetParent = nullptr);

  training::BranchOptions options() const;  ///< valid once the dialog was accepted

 private:
  QWidget* makeSide();
  QWidget* makeFooter();
  void lockShape();
  void update();
  void markFields();
  bool optimizerTypeChanged() const;
  QString carriedText() const;
  QString problemNow() const;
  FormField* problemField() const;

  core::CheckpointRecord checkpoint_;
  core::RunRecord parent_;
  SpecEditor* editor_;
  QLineEdit* name_;
  QLabel* changes_;
  QLabel* carried_;
  QLabel* problem_;
  QCheckBox* reset_;
  QPushButton* start_;
  bool resetWanted_ = false;  // by the person, apart from when it must be
};

}  // namespace cairn::ui
