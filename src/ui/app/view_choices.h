// The View menu's choices of what is drawn, kept from one start to the next. GUI thread.
#pragma once

#include <QObject>

namespace cairn::ui {

class Actions;
class ChartPanel;
class RunListPanel;
class TimelinePanel;

class ViewChoices : public QObject {
  Q_OBJECT

 public:
  ViewChoices(Actions& actions, RunListPanel& runs, ChartPanel& chart, TimelinePanel& timeline, QObject* parent);
};

}  // namespace cairn::ui
