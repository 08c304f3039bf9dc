#include "ui/compare/inline_text.h"

#include <QFontMetrics>
#include <QPainter>

#include "ui/theme.h"
#include "ui/timeline/mark_painter.h"

namespace cairn::ui {

namespace {
constexpr int kStar = 16;
constexpr int kLeast = 24;
}  // namespace

InlineText::InlineText(QWidget* parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); }

void InlineText::setWords(const QList<Words>& words) {
  words_ = words;
  setToolTip(plain());
  setAccessibleName(plain());
  updateGeometry();
  update();
}

QString InlineText::plain() const {
  QString all;
  for (const auto& words : words_) all += words.text;
  return all;
}

QFont InlineText::fontOf(Tone tone) const {
  auto chosen = font();
  chosen.setBold(tone == Tone::Strong);
  return chosen;
}

int InlineText::widthOf(const Words& words) const {
  return QFontMetrics(fontOf(words.tone)).horizontalAdvance(words.text) + (words.star ? kStar : 0);
}

QSize InlineText::sizeHint() const {
  int width = 0;
  for (const auto& words : words_) width += widthOf(words);
  return {width + 1, fontMetrics().height() + 2};
}

QSize InlineText::minimumSizeHint() const { return {kLeast, fontMetrics().height() + 2}; }

void InlineText::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const auto& colors = Theme::instance().colors();
  int x = 0;
  for (const auto& words : words_) {
    const auto font = fontOf(words.tone);
    const QFontMetrics metrics(font);
    const int wanted = widthOf(words);
    const bool fits = x + wanted <= width();
    painter.setFont(font);
    painter.setPen(words.tone == Tone::Muted ? colors.mutedText : words.tone == Tone::Good ? colors.good : colors.text);
    const auto shown = fits ? words.text : metrics.elidedText(words.text, Qt::ElideRight, width() - x);
    painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter, shown);
    if (!fits) return;
    x += wanted;
    if (words.star) paintStar(painter, QPointF(x - kStar / 2.0 + 1, height() / 2.0), 5.5, colors.star);
  }
}

}  // namespace cairn::ui
