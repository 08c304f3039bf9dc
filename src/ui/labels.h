// Labels by the roles that the style sheet knows: "heading", "muted", "error", "warning", ... GUI thread.
#pragma once

#include <QString>

class QLabel;
class QWidget;

namespace cairn::ui {

QLabel* roleLabel(const char* role, const QString& words = {});
QLabel* wrappedLabel(const char* role, const QString& words = {});  ///< in as many lines as it takes
/// Wrapped, for what a file says, which is no markup; a person can select it.
QLabel* fileLabel(const char* role, const QString& words = {});
/// Gives a widget another role, and its look.
void setRole(QWidget& widget, const char* role);

}  // namespace cairn::ui
