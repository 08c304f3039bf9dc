// Takes the curves in sight out: their values as CSV, or the chart as it stands
// as a picture. GUI thread.
#pragma once

#include "storage/home.h"
#include "ui/dialogs/save_dialog.h"

namespace cairn::ui {

class ChartPanel;

class CurvesDialog : public SaveDialog {
  Q_OBJECT

 public:
  /// `chart` outlives the dialog; what it shows as the file is written is what
  /// is written.
  CurvesDialog(const storage::Home& home, ChartPanel& chart, const QString& name, QWidget* parent = nullptr);

 protected:
  Write writeTo(const std::filesystem::path& target) override;

 private:
  storage::Home home_;
  ChartPanel& chart_;
};

}  // namespace cairn::ui
