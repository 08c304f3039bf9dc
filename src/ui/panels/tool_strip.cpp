#include "ui/panels/tool_strip.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSlider>
#include <QToolButton>
#include <cmath>

#include "ui/app/actions.h"
#include "ui/labels.h"
#include "ui/theme.h"

namespace cairn::ui {

ToolStrip::ToolStrip(const Actions& actions, XAxis& axis, QWidget* parent)
    : QWidget(parent), actions_(actions), curveControls_(new QWidget), unit_(new QComboBox),
      slider_(new QSlider(Qt::Horizontal)), value_(roleLabel("muted")), verbs_(new QHBoxLayout) {
  setProperty("role", QStringLiteral("toolbar"));
  setAttribute(Qt::WA_StyledBackground);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(10, 7, 10, 7);
  layout->setSpacing(Theme::kSpacing);
  newRun_ = primaryButtonOf(actions.newRun);
  newRun_->setObjectName(QStringLiteral("newRun"));
  layout->addWidget(newRun_);
  for (auto* action : {actions.pauseResume, actions.stop, actions.checkpointNow}) {
    foldable_.insert(foldable_.begin(), buttonOf(action));
    layout->addWidget(foldable_.front());
  }
  layout->addLayout(verbs_);
  layout->addStretch(1);
  layout->addWidget(curveControls_);

  unit_->addItems({tr("Step"), tr("Epoch"), tr("Time")});
  unit_->setAccessibleName(tr("What the x axis counts"));
  unit_->setObjectName(QStringLiteral("xUnit"));
  slider_->setRange(0, 99);
  slider_->setFixedWidth(90);
  slider_->setAccessibleName(tr("Smoothing"));
  slider_->setObjectName(QStringLiteral("smoothing"));
  value_->setFixedWidth(value_->fontMetrics().horizontalAdvance(QStringLiteral("0.00")) + 2);
  auto* curves = new QHBoxLayout(curveControls_);
  curves->setContentsMargins(0, 0, 0, 0);
  curves->setSpacing(Theme::kSpacing);
  curves->addWidget(roleLabel("muted", tr("x")));
  curves->addWidget(unit_);
  curves->addWidget(roleLabel("muted", tr("y")));
  curves->addWidget(buttonOf(actions.logY));
  curves->addSpacing(Theme::kSpacing);
  curves->addWidget(roleLabel("muted", tr("Smoothing")));
  curves->addWidget(slider_);
  curves->addWidget(value_);

  connect(unit_, &QComboBox::activated, &axis, [&axis](int at) { axis.setUnit(static_cast<XAxis::Unit>(at)); });
  connect(&axis, &XAxis::unitChanged, unit_, [this, &axis] { unit_->setCurrentIndex(static_cast<int>(axis.unit())); });
  connect(slider_, &QSlider::valueChanged, this, [this] {
    value_->setText(QString::number(smoothing(), 'f', 2));
    Q_EMIT smoothingChanged(smoothing());
  });
  connect(&Theme::instance(), &Theme::changed, this, &ToolStrip::dress);
  value_->setText(QString::number(smoothing(), 'f', 2));
  dress();
}

QToolButton* ToolStrip::buttonOf(QAction* action) {
  auto* button = new QToolButton;
  button->setDefaultAction(action);
  button->setProperty("framed", true);
  button->setToolButtonStyle(action->icon().isNull() ? Qt::ToolButtonTextOnly : Qt::ToolButtonTextBesideIcon);
  button->setFocusPolicy(Qt::TabFocus);
  return button;
}

QToolButton* ToolStrip::addVerb(QAction* action) {
  auto* button = buttonOf(action);
  verbs_->addWidget(button);
  foldable_.push_back(button);
  connect(action, &QAction::changed, this, &ToolStrip::fit);
  return button;
}

// Not the action's own button: its icon is in the accent's text colour, while the action's is for menus.
QToolButton* ToolStrip::primaryButtonOf(QAction* action) {
  auto* button = new QToolButton;
  button->setText(action->iconText());
  button->setToolTip(action->toolTip());
  button->setProperty("framed", true);
  button->setProperty("primary", true);
  button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  button->setFocusPolicy(Qt::TabFocus);
  connect(button, &QToolButton::clicked, action, &QAction::trigger);
  connect(action, &QAction::enabledChanged, button, &QWidget::setEnabled);
  button->setEnabled(action->isEnabled());
  return button;
}

void ToolStrip::dress() {
  const auto& theme = Theme::instance();
  newRun_->setIcon(theme.icon(QStringLiteral("new"), theme.colors().accentText));
}

void ToolStrip::setSmoothing(double smoothing) { slider_->setValue(static_cast<int>(std::lround(smoothing * 100))); }
double ToolStrip::smoothing() const { return slider_->value() / 100.0; }
void ToolStrip::setCurveControlsVisible(bool visible) {
  curveControls_->setVisible(visible);
  fit();
}

void ToolStrip::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fit();
}

void ToolStrip::fit() {
  for (auto* button : foldable_) button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  for (auto* button : foldable_) {
    layout()->activate();  // takes up the buttons' new widths
    if (layout()->minimumSize().width() <= width()) return;
    button->setToolButtonStyle(Qt::ToolButtonIconOnly);
  }
}

}  // namespace cairn::ui
