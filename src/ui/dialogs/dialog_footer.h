// What dialogs have in common: the row at the foot, with what it has to say and its buttons, and the size. GUI thread.
#pragma once

#include <QString>
#include <initializer_list>

class QDialog;
class QPushButton;
class QSize;
class QWidget;

namespace cairn::ui {

/// `left` takes the room that the buttons leave; null where there is nothing to say.
QWidget* dialogFooter(QWidget* left, std::initializer_list<QPushButton*> buttons);
/// The button that does what the dialog is for; Enter presses it.
void makePrimary(QPushButton& button, const QString& name);
/// A button that closes the dialog and leaves it undone.
QPushButton* rejectButton(QDialog& dialog, const QString& words);
/// To `wanted`, but within its window; within the screen where it has none.
void resizeWithin(QDialog& dialog, QSize wanted);

}  // namespace cairn::ui
