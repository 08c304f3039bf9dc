#include "ui/labels.h"

#include <QLabel>
#include <QStyle>

namespace cairn::ui {

QLabel* roleLabel(const char* role, const QString& words) {
  auto* label = new QLabel(words);
  label->setProperty("role", QString::fromLatin1(role));
  return label;
}

QLabel* wrappedLabel(const char* role, const QString& words) {
  auto* label = roleLabel(role, words);
  label->setWordWrap(true);
  return label;
}

QLabel* fileLabel(const char* role, const QString& words) {
  auto* label = wrappedLabel(role, words);
  label->setTextFormat(Qt::PlainText);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  return label;
}

void setRole(QWidget& widget, const char* role) {
  const auto asked = QString::fromLatin1(role);
  if (widget.property("role").toString() == asked) return;
  widget.setProperty("role", asked);
  widget.style()->unpolish(&widget);
  widget.style()->polish(&widget);
}

}  // namespace cairn::ui
