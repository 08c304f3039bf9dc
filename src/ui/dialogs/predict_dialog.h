// Uses the model of a checkpoint: what to ask it depends on the data that it was trained on. GUI thread.
#pragma once

#include <QDialog>

#include "core/records.h"
#include "ui/dialogs/predict_session.h"

class QLabel;
class QTabWidget;

namespace cairn::ui {

class CatalogClient;

class PredictDialog : public QDialog {
  Q_OBJECT

 public:
  PredictDialog(const core::CheckpointRecord& checkpoint, CatalogClient& catalog, QWidget* parent = nullptr);

 private:
  void showPages();
  void showError(const Error& error);

  QTabWidget* pages_;
  QLabel* error_;
  PredictSession session_;  // after the widgets: it ends first
};

}  // namespace cairn::ui
