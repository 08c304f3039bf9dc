// The ways to ask a model: a typed row, a drawn image, a prompt, a file. Each page asks the session and shows what it
// says; made once the model is loaded. GUI thread.
#pragma once

#include <QWidget>
#include <vector>

#include "ui/dialogs/predict_session.h"

class QLineEdit;
class QListView;
class QListWidget;
class QPlainTextEdit;
class QPushButton;
class QTableView;

namespace cairn::ui {

class DrawingCanvas;
class PredictionTable;
class ProbabilityBars;

class PredictRowPage : public QWidget {
  Q_OBJECT
 public:
  explicit PredictRowPage(PredictSession& session, QWidget* parent = nullptr);

 private:
  QWidget* makeFields();
  void paste(const QString& row);
  void predict();

  PredictSession& session_;
  std::vector<QLineEdit*> values_;
  ProbabilityBars* bars_;
};

class PredictDrawingPage : public QWidget {
  Q_OBJECT
 public:
  explicit PredictDrawingPage(PredictSession& session, QWidget* parent = nullptr);

 private:
  void predict();

  PredictSession& session_;
  DrawingCanvas* canvas_;
  ProbabilityBars* bars_;
};

class PredictTextPage : public QWidget {
  Q_OBJECT
 public:
  explicit PredictTextPage(PredictSession& session, QWidget* parent = nullptr);
};

class PredictFilePage : public QWidget {
  Q_OBJECT
 public:
  explicit PredictFilePage(PredictSession& session, QWidget* parent = nullptr);

 Q_SIGNALS:
  void failed(const cairn::Error& error);  ///< the table could not be written

 private:
  QWidget* makeResults();
  void browse();
  void predict();
  void show(const std::vector<engine::DataPreview::Image>& images);
  void exportCsv();

  PredictSession& session_;
  bool ofImages_;
  QLineEdit* path_;
  QPushButton* predict_;
  QPushButton* export_;
  PredictionTable* model_;
  QTableView* table_;
  QListWidget* images_;
  ProbabilityBars* bars_;
};

}  // namespace cairn::ui
