#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTableView>

#include "storage/export_file.h"
#include "ui/dialogs/data_view.h"
#include "ui/dialogs/idx_images.h"
#include "ui/dialogs/predict_pages.h"
#include "ui/dialogs/prediction_table.h"
#include "ui/dialogs/probability_bars.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr std::size_t kMostShown = 500;
constexpr int kImageEdge = 56;

struct FileResult {
  std::vector<engine::Predictor::Prediction> predictions;
  std::vector<engine::DataPreview::Image> images;  // the first of them
};

}  // namespace

PredictFilePage::PredictFilePage(PredictSession& session, QWidget* parent)
    : QWidget(parent), session_(session), ofImages_(session.model()->format() == "idx"), path_(new QLineEdit),
      predict_(new QPushButton(QStringLiteral("&Predict"))), export_(new QPushButton(QStringLiteral("E&xport CSV..."))),
      model_(new PredictionTable(this)), table_(new QTableView), images_(new QListWidget), bars_(new ProbabilityBars) {
  path_->setPlaceholderText(ofImages_ ? QStringLiteral("An IDX file of images") : QStringLiteral("A CSV file with the training columns"));
  path_->setAccessibleName(path_->placeholderText());
  path_->setObjectName(QStringLiteral("predictFile"));
  predict_->setProperty("primary", true);
  predict_->setObjectName(QStringLiteral("predictFileButton"));
  predict_->setEnabled(false);
  predict_->setAutoDefault(false);  // Enter in the path presses it, and nothing else
  export_->setAutoDefault(false);
  export_->setEnabled(false);
  auto* choose = new QPushButton(Theme::instance().icon(QStringLiteral("folder")), {});
  choose->setToolTip(QStringLiteral("Choose a file"));
  choose->setAccessibleName(choose->toolTip());
  choose->setAutoDefault(false);
  auto* top = new QHBoxLayout;
  top->setSpacing(Theme::kSpacing);
  top->addWidget(path_, 1);
  top->addWidget(choose);
  top->addWidget(predict_);
  top->addWidget(export_);
  auto* layout = new QVBoxLayout(this);
  layout->setSpacing(Theme::kSpacing);
  layout->addLayout(top);
  layout->addWidget(makeResults(), 1);
  connect(path_, &QLineEdit::textChanged, this, [this](const QString& text) { predict_->setEnabled(!text.trimmed().isEmpty()); });
  connect(path_, &QLineEdit::returnPressed, predict_, &QPushButton::click);
  connect(choose, &QPushButton::clicked, this, &PredictFilePage::browse);
  connect(predict_, &QPushButton::clicked, this, &PredictFilePage::predict);
  connect(export_, &QPushButton::clicked, this, &PredictFilePage::exportCsv);
}

QWidget* PredictFilePage::makeResults() {
  bars_->setNames(session_.model()->classes(), session_.model()->targets());
  bars_->setVisible(ofImages_);
  images_->setVisible(ofImages_);
  images_->setViewMode(QListView::IconMode);
  images_->setIconSize({kImageEdge, kImageEdge});
  images_->setGridSize({kImageEdge + 16, kImageEdge + 28});
  images_->setResizeMode(QListView::Adjust);
  images_->setMovement(QListView::Static);
  images_->setAccessibleName(QStringLiteral("Images with what is predicted"));
  table_->setVisible(!ofImages_);
  table_->setModel(model_);
  table_->setObjectName(QStringLiteral("predictions"));
  table_->setTabKeyNavigation(false);
  table_->verticalHeader()->setDefaultSectionSize(24);
  connect(images_, &QListWidget::currentRowChanged, this, [this](int row) {
    if (row >= 0) bars_->setPrediction(model_->predictions()[static_cast<std::size_t>(row)]);
  });
  auto* results = new QWidget;
  auto* layout = new QHBoxLayout(results);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(2 * Theme::kSpacing);
  layout->addWidget(table_, 1);
  layout->addWidget(images_, 1);
  layout->addWidget(bars_, 1, Qt::AlignTop);
  return results;
}

void PredictFilePage::browse() {
  const auto filter = ofImages_ ? QStringLiteral("IDX files (*ubyte* *.idx *.gz);;All files (*)")
                                : QStringLiteral("CSV files (*.csv *.csv.gz);;All files (*)");
  const auto file = QFileDialog::getOpenFileName(this, QStringLiteral("Choose a file"), path_->text(), filter);
  if (file.isEmpty()) return;
  path_->setText(file);
  predict();
}

void PredictFilePage::predict() {
  const auto path = path_->text().trimmed().toStdString();
  session_.ask<FileResult>(
      [path, ofImages = ofImages_](engine::Predictor& model, const core::Progress& progress) {
        FileResult result{model.predictFile(path, progress), {}};
        if (ofImages) result.images = readIdxImages(path, kMostShown);
        return result;
      },
      [this](FileResult result) {
        model_->set(session_.model()->targets(), session_.model()->classes(), std::move(result.predictions));
        export_->setEnabled(model_->rowCount() > 0);
        if (ofImages_) show(result.images);
        else table_->resizeColumnsToContents();
      });
}

void PredictFilePage::show(const std::vector<engine::DataPreview::Image>& images) {
  images_->clear();
  for (std::size_t i = 0; i < images.size() && i < model_->predictions().size(); ++i) {
    const auto& outputs = model_->predictions()[i].outputs;
    images_->addItem(new QListWidgetItem(pixmapOf(images[i], kImageEdge),
                                         outputs.empty() ? QString() : QString::fromStdString(outputs.front())));
  }
  images_->setToolTip(model_->rowCount() > images_->count()
                          ? QStringLiteral("The first %1 of %2; the exported file holds all.").arg(images_->count()).arg(model_->rowCount())
                          : QString());
  if (images_->count() > 0) images_->setCurrentRow(0);
}

void PredictFilePage::exportCsv() {
  const auto target = QFileDialog::getSaveFileName(this, QStringLiteral("Export predictions"), QStringLiteral("predictions.csv"),
                                                   QStringLiteral("CSV files (*.csv)"));
  if (target.isEmpty()) return;
  try {
    storage::exportText(storage::FileSystem::posix(), target.toStdString(), model_->toCsv().toStdString());
  } catch (const Error& error) {
    Q_EMIT failed(error);
  }
}

}  // namespace cairn::ui
