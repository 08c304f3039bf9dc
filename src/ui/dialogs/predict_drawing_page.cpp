#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "ui/dialogs/drawing_canvas.h"
#include "ui/dialogs/predict_pages.h"
#include "ui/dialogs/probability_bars.h"
#include "ui/theme.h"

namespace cairn::ui {

PredictDrawingPage::PredictDrawingPage(PredictSession& session, QWidget* parent)
    : QWidget(parent), session_(session), canvas_(new DrawingCanvas), bars_(new ProbabilityBars) {
  canvas_->setObjectName(QStringLiteral("canvas"));
  bars_->setObjectName(QStringLiteral("drawingResult"));
  bars_->setNames(session.model()->classes(), session.model()->targets());
  auto* clear = new QPushButton(QStringLiteral("&Clear"));
  clear->setAutoDefault(false);
  auto* left = new QVBoxLayout;
  left->setSpacing(Theme::kSpacing);
  left->addWidget(canvas_);
  left->addWidget(clear);
  left->addStretch(1);
  auto* right = new QVBoxLayout;
  right->addWidget(bars_);
  right->addStretch(1);
  auto* layout = new QHBoxLayout(this);
  layout->setSpacing(3 * Theme::kSpacing);
  layout->addLayout(left);
  layout->addLayout(right, 1);
  connect(canvas_, &DrawingCanvas::drawn, this, &PredictDrawingPage::predict);
  connect(clear, &QPushButton::clicked, this, [this] {
    canvas_->clear();
    session_.task().cancel();
    bars_->clear();
  });
}

void PredictDrawingPage::predict() {
  const auto [width, height] = session_.model()->imageSize();
  session_.ask<engine::Predictor::Prediction>(
      [pixels = canvas_->pixels(width, height)](engine::Predictor& model, const core::Progress&) {
        return model.predictImage(pixels);
      },
      [this](engine::Predictor::Prediction prediction) { bars_->setPrediction(prediction); });
}

}  // namespace cairn::ui
