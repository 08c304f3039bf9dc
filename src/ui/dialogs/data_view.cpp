#include "ui/dialogs/data_view.h"

#include <QHeaderView>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QTableWidget>
#include <algorithm>

#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kImageEdge = 48;
constexpr int kRowHeight = 24;
}  // namespace

QPixmap pixmapOf(const engine::DataPreview::Image& image, int edge) {
  const QImage grey(image.pixels.data(), image.width, image.height, image.width, QImage::Format_Grayscale8);
  return QPixmap::fromImage(grey.scaled(edge, edge, Qt::KeepAspectRatio, Qt::FastTransformation));
}

DataView::DataView(QWidget* parent)
    : QStackedWidget(parent), table_(new QTableWidget), images_(new QListWidget), text_(new QPlainTextEdit) {
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setSelectionMode(QAbstractItemView::NoSelection);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(kRowHeight);
  table_->setTabKeyNavigation(false);
  table_->setObjectName(QStringLiteral("previewRows"));
  images_->setViewMode(QListView::IconMode);
  images_->setIconSize({kImageEdge, kImageEdge});
  images_->setGridSize({kImageEdge + 16, kImageEdge + 28});
  images_->setResizeMode(QListView::Adjust);
  images_->setMovement(QListView::Static);
  images_->setSelectionMode(QAbstractItemView::NoSelection);
  images_->setObjectName(QStringLiteral("previewImages"));
  text_->setReadOnly(true);
  text_->setTabChangesFocus(true);
  text_->setObjectName(QStringLiteral("previewText"));
  addWidget(table_);
  addWidget(images_);
  addWidget(text_);
}

void DataView::show(const engine::DataPreview& preview, const core::DataSpec& source) {
  if (source.format() == "csv") {
    showRows(preview, source);
    setCurrentWidget(table_);
  } else if (source.format() == "idx") {
    showImages(preview);
    setCurrentWidget(images_);
  } else {
    text_->setPlainText(QString::fromUtf8(preview.text.data(), static_cast<qsizetype>(preview.text.size())));
    setCurrentWidget(text_);
  }
}

// What is predicted stands first, so that it is seen beside a table of many columns.
void DataView::showRows(const engine::DataPreview& preview, const core::DataSpec& source) {
  const auto& targets = std::get<core::CsvData>(source.source).target;
  std::vector<std::size_t> order(preview.columns.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto isTarget = [&](std::size_t column) {
    return std::find(targets.begin(), targets.end(), preview.columns[column]) != targets.end();
  };
  std::stable_partition(order.begin(), order.end(), isTarget);

  table_->clear();
  table_->setColumnCount(static_cast<int>(order.size()));
  table_->setRowCount(static_cast<int>(preview.rows.size()));
  auto bold = table_->font();
  bold.setBold(true);
  for (int column = 0; column < table_->columnCount(); ++column) {
    const auto origin = order[static_cast<std::size_t>(column)];
    auto* header = new QTableWidgetItem(QString::fromStdString(preview.columns[origin]));
    if (isTarget(origin)) {
      header->setFont(bold);
      header->setToolTip(QStringLiteral("The target"));
    }
    table_->setHorizontalHeaderItem(column, header);
    for (int row = 0; row < table_->rowCount(); ++row) {
      const auto& cells = preview.rows[static_cast<std::size_t>(row)];
      if (origin >= cells.size()) continue;
      auto* cell = new QTableWidgetItem(QString::fromStdString(cells[origin]));
      if (isTarget(origin)) cell->setBackground(Theme::instance().colors().selection);
      table_->setItem(row, column, cell);
    }
  }
  table_->resizeColumnsToContents();
}

void DataView::showImages(const engine::DataPreview& preview) {
  images_->clear();
  for (const auto& image : preview.images) {
    images_->addItem(new QListWidgetItem(pixmapOf(image, kImageEdge), QString::fromStdString(image.label)));
  }
}

}  // namespace cairn::ui
