// The small dialogs of the help menu. GUI thread.
#pragma once

#include <vector>

class QAction;
class QWidget;

namespace cairn::ui {

void openAbout(QWidget* window);
void openShortcuts(QWidget* window, const std::vector<QAction*>& actions);

}  // namespace cairn::ui
