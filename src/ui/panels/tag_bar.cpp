#include "ui/panels/tag_bar.h"

#include <QLineEdit>
#include <QToolButton>
#include <algorithm>

#include "ui/panels/flow_layout.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

TagBar::TagBar(QWidget* parent) : QWidget(parent), field_(new QLineEdit(this)), layout_(new FlowLayout(this, 5)) {
  field_->setPlaceholderText(tr("Add tag"));
  field_->setAccessibleName(tr("Add tag"));
  field_->setObjectName(QStringLiteral("addTag"));
  field_->setFixedWidth(84);
  layout_->addWidget(field_);
  connect(field_, &QLineEdit::returnPressed, this, &TagBar::add);
}

void TagBar::setTags(const std::vector<std::string>& tags, bool readOnly) {
  field_->setVisible(!readOnly);
  if (tags == tags_ && readOnly == readOnly_) return;
  tags_ = tags;
  readOnly_ = readOnly;
  rebuild();
}

void TagBar::rebuild() {
  for (auto* label : labels_) {
    layout_->removeWidget(label);
    label->deleteLater();
  }
  labels_.clear();
  layout_->removeWidget(field_);
  for (const auto& tag : tags_) {
    auto* label = new QToolButton(this);
    label->setText(text(tag));
    label->setProperty("tag", true);
    label->setToolTip(readOnly_ ? text(tag) : tr("%1: click to remove").arg(text(tag)));
    label->setEnabled(!readOnly_);
    connect(label, &QToolButton::clicked, this, [this, tag] { remove(tag); });
    layout_->addWidget(label);
    label->show();
    labels_.push_back(label);
  }
  layout_->addWidget(field_);
}

void TagBar::add() {
  const auto tag = field_->text().trimmed().toStdString();
  field_->clear();
  if (tag.empty() || std::find(tags_.begin(), tags_.end(), tag) != tags_.end()) return;
  tags_.push_back(tag);
  rebuild();
  Q_EMIT tagsEdited(tags_);
}

void TagBar::remove(const std::string& tag) {
  std::erase(tags_, tag);
  rebuild();
  Q_EMIT tagsEdited(tags_);
}

}  // namespace cairn::ui
