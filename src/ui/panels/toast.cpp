#include "ui/panels/toast.h"

#include <QEvent>
#include <QVBoxLayout>
#include <algorithm>

namespace cairn::ui {

namespace {
constexpr int kAboveFoot = 40;  ///< pixels: clear of the status line
constexpr int kWidest = 560;
constexpr int kEdge = 12;
}  // namespace

Toast::Toast(QWidget* window) : QFrame(window), layout_(new QVBoxLayout(this)) {
  setObjectName(QStringLiteral("toast"));
  setProperty("role", QStringLiteral("toast"));
  setAttribute(Qt::WA_StyledBackground);
  layout_->setContentsMargins(12, 6, 8, 6);
  layout_->setSpacing(4);
  window->installEventFilter(this);
  hide();
}

void Toast::setLines(const QList<QWidget*>& lines) {
  while (auto* item = layout_->takeAt(0)) {
    item->widget()->hide();
    item->widget()->deleteLater();
    delete item;
  }
  for (auto* line : lines) layout_->addWidget(line);
  setVisible(!lines.isEmpty());
  if (!lines.isEmpty()) place();
}

void Toast::place() {
  const auto* window = parentWidget();
  const int width = std::min(kWidest, window->width() - 2 * kEdge);
  layout_->activate();
  const int height = layout_->hasHeightForWidth() ? layout_->totalHeightForWidth(width) : sizeHint().height();
  setGeometry((window->width() - width) / 2, window->height() - kAboveFoot - height, width, height);
  raise();
}

bool Toast::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Resize && isVisible()) place();
  return QFrame::eventFilter(watched, event);
}

}  // namespace cairn::ui
