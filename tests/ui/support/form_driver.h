// Fills in forms as a person does, by keys and clicks.
#pragma once

#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QTest>

#include "ui/dialogs/form_field.h"

namespace cairn::tests {

/// The visible field of a key; several may share one.
inline ui::FormField* field(QWidget& dialog, const char* key) {
  for (auto* field : dialog.findChildren<ui::FormField*>(QString::fromLatin1(key)))
    if (!field->isHidden()) return field;
  return nullptr;
}

inline void replaceText(QLineEdit* line, const QString& text) {
  line->setFocus();
  QTest::keyClick(line, Qt::Key_A, Qt::ControlModifier);
  QTest::keyClick(line, Qt::Key_Delete);
  QTest::keyClicks(line, text);
}

inline void type(QWidget& dialog, const char* key, const QString& text) {
  auto* editor = field(dialog, key)->editor();
  auto* line = qobject_cast<QLineEdit*>(editor);
  replaceText(line ? line : editor->findChild<QLineEdit*>(), text);
}

inline void choose(QWidget& dialog, const char* key, const QString& label) {
  auto* combo = qobject_cast<QComboBox*>(field(dialog, key)->editor());
  combo->setFocus();
  QTest::keyClick(combo, Qt::Key_Home);
  for (int i = 0; i < combo->count() && combo->currentText() != label; ++i) QTest::keyClick(combo, Qt::Key_Down);
  QCOMPARE(combo->currentText(), label);
}

inline void showSection(QWidget& dialog, int row) {
  auto* list = dialog.findChild<QListWidget*>(QStringLiteral("sections"));
  QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(row)).center());
}

}  // namespace cairn::tests
