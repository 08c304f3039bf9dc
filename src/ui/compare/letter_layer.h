// Draws the letters of compared checkpoints over their curves. GUI thread.
#pragma once

#include "ui/chart/qcustomplot_face.h"
#include "ui/compare/curves_plot.h"

namespace cairn::ui {

class LetterLayer : public QCPLayerable {
 public:
  LetterLayer(QCPAxisRect* axes, const std::vector<LetterMark>& letters);

 protected:
  void applyDefaultAntialiasingHint(QCPPainter* painter) const override { painter->setAntialiasing(true); }
  QRect clipRect() const override { return axes_->rect(); }
  void draw(QCPPainter* painter) override;

 private:
  QCPAxisRect* axes_;
  const std::vector<LetterMark>& letters_;
};

}  // namespace cairn::ui
