// The row of commands under the menu: what trains on the left, how curves are shown on the right. GUI thread.
#pragma once

#include <QWidget>
#include <vector>

#include "ui/x_axis.h"

class QComboBox;
class QHBoxLayout;
class QLabel;
class QResizeEvent;
class QSlider;
class QToolButton;

namespace cairn::ui {

class Actions;

class ToolStrip : public QWidget {
  Q_OBJECT

 public:
  ToolStrip(const Actions& actions, XAxis& axis, QWidget* parent = nullptr);
  void setSmoothing(double smoothing);  ///< 0 to 0.99
  double smoothing() const;
  void setCurveControlsVisible(bool visible);  ///< there are none on the start page
  QToolButton* addVerb(QAction* action);  ///< behind the training verbs, the last to go without words; who adds it shows and hides it

 Q_SIGNALS:
  void smoothingChanged(double smoothing);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void fit();  ///< where there is little room, verbs show their icons alone
  QToolButton* buttonOf(QAction* action);
  QToolButton* primaryButtonOf(QAction* action);
  void dress();

  const Actions& actions_;
  QToolButton* newRun_;
  std::vector<QToolButton*> foldable_;  ///< the first to go without words first
  QWidget* curveControls_;
  QComboBox* unit_;
  QSlider* slider_;
  QLabel* value_;
  QHBoxLayout* verbs_;
};

}  // namespace cairn::ui
