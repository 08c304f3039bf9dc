// A few samples of the data: rows as a table, images as a grid with labels, text as text. GUI thread.
#pragma once

#include <QStackedWidget>

#include "core/run_spec.h"
#include "engine/face/engine.h"

class QListWidget;
class QPlainTextEdit;
class QTableWidget;

namespace cairn::ui {

class DataView : public QStackedWidget {
  Q_OBJECT

 public:
  explicit DataView(QWidget* parent = nullptr);

  void show(const engine::DataPreview& preview, const core::DataSpec& source);

 private:
  void showRows(const engine::DataPreview& preview, const core::DataSpec& source);
  void showImages(const engine::DataPreview& preview);

  QTableWidget* table_;
  QListWidget* images_;
  QPlainTextEdit* text_;
};

/// An image of the data at a size for the eye, its pixels left square.
QPixmap pixmapOf(const engine::DataPreview::Image& image, int edge);

}  // namespace cairn::ui
