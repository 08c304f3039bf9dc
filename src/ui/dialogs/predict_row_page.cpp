#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>

#include "ui/dialogs/predict_pages.h"
#include "ui/dialogs/probability_bars.h"
#include "ui/labels.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr std::size_t kFewFeatures = 12;  // more stand in several columns
constexpr int kManyColumns = 4;
constexpr int kValueWidth = 56;

}  // namespace

PredictRowPage::PredictRowPage(PredictSession& session, QWidget* parent)
    : QWidget(parent), session_(session), bars_(new ProbabilityBars) {
  bars_->setNames(session.model()->classes(), session.model()->targets());
  bars_->setObjectName(QStringLiteral("rowResult"));
  auto* line = new QLineEdit;
  line->setObjectName(QStringLiteral("pasteRow"));
  line->setPlaceholderText(QStringLiteral("Paste a comma separated row"));
  line->setAccessibleName(line->placeholderText());
  connect(line, &QLineEdit::textEdited, this, &PredictRowPage::paste);
  auto* left = new QVBoxLayout;
  left->setSpacing(Theme::kSpacing);
  left->addWidget(roleLabel("heading", QStringLiteral("VALUES")));
  left->addWidget(line);
  left->addWidget(makeFields(), 1);
  auto* right = new QVBoxLayout;
  right->setSpacing(Theme::kSpacing);
  right->addWidget(roleLabel("heading", QStringLiteral("PREDICTION")));
  right->addWidget(bars_);
  right->addStretch(1);
  auto* layout = new QHBoxLayout(this);
  layout->setSpacing(3 * Theme::kSpacing);
  layout->addLayout(left, 1);
  layout->addLayout(right, 1);
  predict();
}

QWidget* PredictRowPage::makeFields() {
  const auto& features = session_.model()->features();
  const int columns = features.size() > kFewFeatures ? kManyColumns : 1;
  auto* body = new QWidget;
  auto* grid = new QGridLayout(body);
  grid->setContentsMargins(0, 0, Theme::kSpacing, 0);
  grid->setSpacing(Theme::kSpacing / 2);
  for (std::size_t i = 0; i < features.size(); ++i) {
    const auto name = QString::fromStdString(features[i]);
    auto* value = new QLineEdit(QStringLiteral("0"));
    value->setObjectName(QStringLiteral("feature.") + name);
    value->setAccessibleName(name);
    value->setMinimumWidth(kValueWidth);
    auto* label = new QLabel(name);
    label->setToolTip(name);
    const int row = static_cast<int>(i) / columns, column = 2 * (static_cast<int>(i) % columns);
    grid->addWidget(label, row, column);
    grid->addWidget(value, row, column + 1);
    values_.push_back(value);
    connect(value, &QLineEdit::textEdited, this, &PredictRowPage::predict);
  }
  grid->setRowStretch(grid->rowCount(), 1);
  auto* area = new QScrollArea;
  area->setWidget(body);
  area->setWidgetResizable(true);
  return area;
}

// A row copied from the training file may end with the target: what is beyond the features is left out.
void PredictRowPage::paste(const QString& row) {
  const auto cells = row.split(QLatin1Char(','));
  if (cells.size() < static_cast<qsizetype>(values_.size())) return;
  for (std::size_t i = 0; i < values_.size(); ++i) values_[i]->setText(cells[static_cast<qsizetype>(i)].trimmed());
  predict();
}

void PredictRowPage::predict() {
  std::vector<double> row;
  bool all = true;
  for (auto* value : values_) {
    bool ok = false;
    row.push_back(value->text().trimmed().toDouble(&ok));
    value->setToolTip(ok ? QString() : QStringLiteral("Not a number"));
    value->setProperty("invalid", !ok);
    all = all && ok;
  }
  bars_->clear();
  if (!all) return;
  session_.ask<engine::Predictor::Prediction>(
      [row](engine::Predictor& model, const core::Progress&) { return model.predictRow(row); },
      [this](engine::Predictor::Prediction prediction) { bars_->setPrediction(prediction); });
}

}  // namespace cairn::ui
