// One prediction: what it is, and how probable each class is, as bars. GUI thread.
#pragma once

#include <QWidget>

#include "engine/face/engine.h"

namespace cairn::ui {

class ProbabilityBars : public QWidget {
  Q_OBJECT

 public:
  explicit ProbabilityBars(QWidget* parent = nullptr);

  void setNames(std::vector<std::string> classes, std::vector<std::string> targets);
  void setPrediction(const engine::Predictor::Prediction& prediction);
  void clear();
  QString headline() const;  ///< "rose, 93.1 %", or a value a target
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QRect rowRect(std::size_t index) const;

  std::vector<std::string> classes_, targets_;
  engine::Predictor::Prediction prediction_;
};

}  // namespace cairn::ui
