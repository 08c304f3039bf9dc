#include "ui/dialogs/dialog_footer.h"

#include <QDialog>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScreen>

#include "ui/theme.h"

namespace cairn::ui {

QWidget* dialogFooter(QWidget* left, std::initializer_list<QPushButton*> buttons) {
  auto* footer = new QWidget;
  auto* layout = new QHBoxLayout(footer);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(Theme::kSpacing);
  if (left) layout->addWidget(left, 1);
  layout->addStretch();  // keeps the buttons where they are while `left` is hidden
  for (auto* button : buttons) layout->addWidget(button);
  return footer;
}

void makePrimary(QPushButton& button, const QString& name) {
  button.setObjectName(name);
  button.setProperty("primary", true);
  button.setDefault(true);
}

QPushButton* rejectButton(QDialog& dialog, const QString& words) {
  auto* button = new QPushButton(words);
  button->setAutoDefault(false);
  QObject::connect(button, &QPushButton::clicked, &dialog, &QDialog::reject);
  return button;
}

void resizeWithin(QDialog& dialog, QSize wanted) {
  constexpr QSize frame{4 * Theme::kSpacing, 4 * Theme::kSpacing};
  const auto* parent = dialog.parentWidget();
  const QSize room = parent ? parent->window()->size() : dialog.screen()->availableSize();
  dialog.resize(wanted.boundedTo(room - frame));
}

}  // namespace cairn::ui
