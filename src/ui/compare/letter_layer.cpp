#include "ui/compare/letter_layer.h"

#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr double kRing = 4.5;
constexpr double kBadge = 8;   ///< radius of the letter's disc
constexpr double kAbove = 17;  ///< its middle above the mark's
}  // namespace

LetterLayer::LetterLayer(QCPAxisRect* axes, const std::vector<LetterMark>& letters)
    : QCPLayerable(axes->parentPlot(), QStringLiteral("overlay"), axes), axes_(axes), letters_(letters) {}

// A disc that would cover another moves to its right: two checkpoints may stand at one place.
void LetterLayer::draw(QCPPainter* painter) {
  const auto* x = axes_->axis(QCPAxis::atBottom);
  const auto* y = axes_->axis(QCPAxis::atLeft);
  const auto& colors = Theme::instance().colors();
  auto font = axes_->axis(QCPAxis::atBottom)->tickLabelFont();
  font.setBold(true);
  painter->setFont(font);
  std::vector<QPointF> taken;
  for (const auto& mark : letters_) {
    if (!x->range().contains(mark.x)) continue;
    const QPointF at(x->coordToPixel(mark.x), y->coordToPixel(mark.y));
    painter->setPen(QPen(colors.panel, 1.5));
    painter->setBrush(mark.color);
    painter->drawEllipse(at, kRing, kRing);
    QPointF disc = at - QPointF(0, kAbove);
    if (disc.y() - kBadge < axes_->top()) disc.setY(at.y() + kAbove);
    for (const auto& other : taken) {
      if (QLineF(other, disc).length() < 2 * kBadge) disc.setX(other.x() + 2 * kBadge + 2);
    }
    taken.push_back(disc);
    painter->drawEllipse(disc, kBadge, kBadge);
    painter->setPen(colors.panel);
    painter->drawText(QRectF(disc.x() - kBadge, disc.y() - kBadge, 2 * kBadge, 2 * kBadge), Qt::AlignCenter,
                      mark.letter);
  }
}

}  // namespace cairn::ui
