// What an import would do, before anything is done: which tensor goes where, what does not fit, and which settings and
// counters win. GUI thread.
#pragma once

#include <QWidget>

#include "engine/face/import_plan.h"

class QLabel;
class QScrollArea;
class QTableView;

namespace cairn::ui {

class FactTable;
class ImportRowsModel;

class ImportPreview : public QWidget {
  Q_OBJECT

 public:
  explicit ImportPreview(QWidget* parent = nullptr);

  void showPlan(const engine::ImportPlan& plan);
  /// Nothing to show, and why; `error`: since something is wrong.
  void clear(const QString& why, bool error = false);

 private:
  QWidget* makeSide();
  void showProblems(const std::vector<std::string>& problems);

  QLabel* headline_;
  QLabel* problems_;
  QWidget* body_;
  QTableView* table_;
  ImportRowsModel* rows_;
  FactTable* facts_;
  QLabel* notes_;
};

}  // namespace cairn::ui
