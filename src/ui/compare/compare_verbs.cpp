#include "ui/compare/compare_verbs.h"

#include <QAction>
#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>

#include "ui/text.h"

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
  checkpoints_.clear();
  for (const auto& item : items) checkpoints_.push_back(item.checkpoint.id);
  growTo(items.size());
  for (std::size_t at = 0; at < items.size(); ++at) show(at, items[at], readOnly);
  setRoom(room_);
}

void CompareVerbs::growTo(std::size_t count) {
  for (; branches_.size() > count; branches_.pop_back(), entries_.pop_back()) {
    branches_.back()->deleteLater();
    branches_.back()->setObjectName({});
    branches_.back()->hide();
    delete entries_.back();
  }
  while (branches_.size() < count) {
    const auto ask = [this, at = branches_.size()] { Q_EMIT branchRequested(checkpoints_[at]); };
    auto* button = framed({});
    row_->insertWidget(static_cast<int>(branches_.size()), button);
    connect(button, &QToolButton::clicked, this, ask);
    branches_.push_back(button);
    entries_.push_back(branchMenu_->menu()->addAction(QString()));
    connect(entries_.back(), &QAction::triggered, this, ask);
  }
}

void CompareVerbs::show(std::size_t at, const Compared& item, bool readOnly) {
  auto* button = branches_[at];
  button->setText(tr("Branch from %1").arg(item.letter));
  button->setObjectName(QStringLiteral("branch") + item.letter);
  button->setToolTip(tr("A new run that goes on from %1, with settings of its own").arg(titleOf(item)));
  button->setEnabled(canBranch(item, readOnly));
  entries_[at]->setText(withoutMnemonic(QStringLiteral("%1   %2").arg(item.letter, titleOf(item))));
  entries_[at]->setEnabled(canBranch(item, readOnly));
}

void CompareVerbs::setExportable(bool table, bool picture) {
  table_->setEnabled(table);
  picture_->setEnabled(picture);
  allowExport();
}

void CompareVerbs::setWriting(bool writing) {
  writing_ = writing;
  allowExport();
}

void CompareVerbs::allowExport() { export_->setEnabled(!writing_ && (table_->isEnabled() || picture_->isEnabled())); }

void CompareVerbs::setRoom(int width) {
  room_ = width;
  int wanted = export_->sizeHint().width();
  for (auto* button : branches_) wanted += button->sizeHint().width() + row_->spacing();
  const bool apart = wanted <= width;
  for (auto* button : branches_) button->setVisible(apart);
  branchMenu_->setVisible(!apart && !branches_.empty());
}

}  // namespace cairn::ui
