// What is in a PyTorch or safetensors file, before anything makes use of it: warnings on top, the tree below. The file
// is read off the GUI thread, and nothing in it is executed. GUI thread.
#pragma once

#include <QDialog>
#include <memory>

#include "core/error.h"
#include "storage/inspection.h"
#include "ui/dialogs/latest_task.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QTreeView;

namespace cairn::ui {

class InspectionFilter;
class InspectionModel;

class InspectDialog : public QDialog {
  Q_OBJECT

 public:
  explicit InspectDialog(const QString& path, QWidget* parent = nullptr);

  void setImportable(bool importable);  ///< false: the home cannot be written

 Q_SIGNALS:
  void importRequested(const QString& path);  ///< the dialog has closed

 private:
  QWidget* makeTree();
  QWidget* makeFooter();
  void showInspection(std::shared_ptr<const storage::Inspection> inspection);
  void showError(const Error& error);

  QString path_;
  QLabel* summary_;
  QLabel* warnings_;
  QLabel* error_;
  QLineEdit* filter_;
  QTreeView* tree_;
  QPushButton* import_;
  InspectionModel* model_;
  InspectionFilter* shown_;
  bool importable_ = true;
  LatestTask task_;  // after the widgets: it ends first
};

}  // namespace cairn::ui
