#include "ui/compare/compare_verbs.h"

#include <QAction>
#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>

namespace cairn::ui {

namespace {

QToolButton* framed(const QString& words) {
  auto* button = new QToolButton;
  button->setText(words);
  button->setProperty("framed", true);
  button->setFocusPolicy(Qt::TabFocus);
  return button;
}

bool canBranch(const Compared& item, bool readOnly) {
  return !readOnly && item.checkpoint.state == core::CheckpointState::Ready;
}

}  // namespace

CompareVerbs::CompareVerbs(QWidget* parent)
    : QWidget(parent),
      row_(new QHBoxLayout(this)),
      branchMenu_(framed(tr("Branch from"))),
      export_(framed(tr("Export"))) {
  row_->setContentsMargins(0, 0, 0, 0);
  row_->setSpacing(6);
  branchMenu_->setObjectName(QStringLiteral("branchMenu"));
  branchMenu_->setPopupMode(QToolButton::InstantPopup);
  branchMenu_->setMenu(new QMenu(branchMenu_));
  export_->setObjectName(QStringLiteral("exportCompare"));
  export_->setPopupMode(QToolButton::InstantPopup);
  auto* menu = new QMenu(export_);
  table_ = menu->addAction(tr("Table as CSV…"));
  picture_ = menu->addAction(tr("Picture…"));
  table_->setObjectName(QStringLiteral("exportTable"));
  picture_->setObjectName(QStringLiteral("exportPicture"));
  export_->setMenu(menu);
  row_->addWidget(branchMenu_);
  row_->addWidget(export_);
  connect(table_, &QAction::triggered, this, &CompareVerbs::tableRequested);
  connect(picture_, &QAction::triggered, this, &CompareVerbs::pictureRequested);
}

void CompareVerbs::setItems(const ComparedItems& items, bool readOnly) {
  for (auto* button : branches_) delete button;
  branches_.clear();
  branchMenu_->menu()->clear();
  for (const auto& item : items) {
    const QString words = tr("Branch from %1").arg(item.letter);
    auto* button = framed(words);
    button->setObjectName(QStringLiteral("branch") + item.letter);
    button->setToolTip(tr("A new run that goes on from %1, with settings of its own").arg(titleOf(item)));
    button->setEnabled(canBranch(item, readOnly));
    row_->insertWidget(static_cast<int>(branches_.size()), button);
    branches_.push_back(button);
    auto* action = branchMenu_->menu()->addAction(QStringLiteral("%1   %2").arg(item.letter, titleOf(item)));
    action->setEnabled(canBranch(item, readOnly));
    const auto ask = [this, id = item.checkpoint.id] { Q_EMIT branchRequested(id); };
    connect(button, &QToolButton::clicked, this, ask);
    connect(action, &QAction::triggered, this, ask);
  }
  setRoom(room_);
}

void CompareVerbs::setExportable(bool table, bool picture) {
  table_->setEnabled(table);
  picture_->setEnabled(picture);
  export_->setEnabled(table || picture);
}

void CompareVerbs::setRoom(int width) {
  room_ = width;
  int wanted = export_->sizeHint().width();
  for (auto* button : branches_) wanted += button->sizeHint().width() + row_->spacing();
  const bool apart = wanted <= width;
  for (auto* button : branches_) button->setVisible(apart);
  branchMenu_->setVisible(!apart && !branches_.empty());
}

}  // namespace cairn::ui
