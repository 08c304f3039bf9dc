// What a spec amounts to, live: its data, its layers, their size. Reads data and builds the model off the GUI thread,
// a moment after the last edit; an answer to an older question is dropped. GUI thread.
#pragma once

#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>
#include <string>

#include "core/run_spec.h"
#include "engine/face/engine.h"
#include "ui/dialogs/latest_task.h"

class QLabel;
class QPushButton;
class QStackedWidget;
class QTableWidget;

namespace cairn::ui {

class DataView;

class RunPreview : public QWidget {
  Q_OBJECT

 public:
  explicit RunPreview(QWidget* parent = nullptr);

  /// `dataText` is the JSON of its data part. While a spec is absent because something else in it is wrong, what is
  /// shown stays; once its data are others, it goes.
  void setSpec(const std::optional<core::RunSpec>& spec, const std::string& dataText);
  void showModel(bool model);  ///< the layers, else the data

 Q_SIGNALS:
  void dataRead();
  void dataFailed(const cairn::Error& error);

 private:
  void forget();
  void readData();
  void describeModel();
  void showLayers(const engine::ModelSummary& summary);
  void showFacts();

  std::optional<core::RunSpec> spec_;
  std::string dataSeen_;
  std::string dataAsked_, modelAsked_;  // what the newest question was about, so that an edit elsewhere asks nothing
  std::shared_ptr<const engine::DataPreview> data_;
  std::optional<engine::ModelSummary> model_;
  QString failure_;
  QTimer debounce_;
  QLabel* facts_;
  QLabel* title_;
  QLabel* hint_;
  QPushButton* again_;
  QStackedWidget* stack_;
  DataView* dataView_;
  QTableWidget* layers_;
  // Last, so that they end first: their work reports to the widgets above.
  LatestTask dataTask_, modelTask_;
};

}  // namespace cairn::ui
