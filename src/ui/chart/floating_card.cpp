#include "ui/chart/floating_card.h"

#include <QPainter>
#include <algorithm>

namespace cairn::ui {

namespace {
constexpr int kAway = 12;   ///< pixels from x
constexpr int kEdge = 4;    ///< pixels from the window's
}  // namespace

FloatingCard::FloatingCard(QWidget* window) : QWidget(window) {
  setObjectName(QStringLiteral("floatingCard"));
  setAttribute(Qt::WA_TransparentForMouseEvents);
  hide();
}

void FloatingCard::showBeside(const ValueCard& card, int x, const QRect& spared) {
  card_ = card;
  QRect box({}, cardSize(card, font()));
  const auto room = parentWidget()->rect().adjusted(kEdge, kEdge, -kEdge, -kEdge);
  box.moveRight(x - kAway);
  if (box.left() < room.left()) box.moveLeft(x + kAway);
  if (box.right() > room.right()) box.moveRight(room.right());
  box.moveBottom(spared.top() - 1);
  if (box.top() < room.top()) box.moveTop(spared.bottom() + 1);
  setGeometry(box);
  show();
  raise();
  update();
}

void FloatingCard::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintCardIn(painter, card_, rect());
}

}  // namespace cairn::ui
