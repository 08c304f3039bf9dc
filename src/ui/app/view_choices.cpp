#include "ui/app/view_choices.h"

#include <QSettings>

#include "ui/app/actions.h"
#include "ui/chart/chart_panel.h"
#include "ui/panels/run_list_panel.h"
#include "ui/timeline/timeline_panel.h"

namespace cairn::ui {

ViewChoices::ViewChoices(Actions& actions, RunListPanel& runs, ChartPanel& chart, TimelinePanel& timeline, QObject* parent)
    : QObject(parent) {
  connect(&runs, &RunListPanel::filterChanged, &timeline, &TimelinePanel::setFilter);
  connect(&runs, &RunListPanel::filterChanged, &chart, &ChartPanel::setFilter);
  connect(actions.showHidden, &QAction::toggled, &runs, &RunListPanel::setHiddenShown);
  connect(actions.wholeFamily, &QAction::toggled, &runs, &RunListPanel::setFamiliesShown);
  connect(actions.parentsPart, &QAction::toggled, &chart, &ChartPanel::setParentsShown);
  const std::pair<QAction*, const char*> kept[] = {{actions.wholeFamily, "view/families"}, {actions.parentsPart, "view/parents"}};
  for (const auto& [action, key] : kept) {
    action->setChecked(QSettings().value(QLatin1String(key), true).toBool());
    connect(action, &QAction::toggled, this, [key = key](bool on) { QSettings().setValue(QLatin1String(key), on); });
  }
}

}  // namespace cairn::ui
