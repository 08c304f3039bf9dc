#include "ui/dialogs/spec_page.h"

#include <QVBoxLayout>
#include <algorithm>

#include "ui/dialogs/json_text.h"
#include "ui/theme.h"

namespace cairn::ui {

SpecPage::SpecPage(const QString& title, QWidget* parent) : QScrollArea(parent), title_(title) {
  auto* body = new QWidget;
  auto* outer = new QVBoxLayout(body);
  outer->setContentsMargins(Theme::kSpacing, Theme::kSpacing, Theme::kSpacing * 2, Theme::kSpacing);
  layout_ = new QVBoxLayout;
  layout_->setSpacing(Theme::kSpacing);
  outer->addLayout(layout_);
  outer->addStretch(1);
  setWidget(body);
  setWidgetResizable(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setFocusPolicy(Qt::NoFocus);
}

void SpecPage::heading(const QString& text) {
  auto* label = new QLabel(text.toUpper());
  label->setProperty("role", "heading");
  label->setContentsMargins(0, hasHeading_ ? Theme::kSpacing : 0, 0, 0);
  layout_->addWidget(label);
  hasHeading_ = true;
}

FormField* SpecPage::add(FormField* field) {
  layout_->addWidget(field);
  fields_.push_back(field);
  connect(field, &FormField::edited, this, &SpecPage::edited);
  return field;
}

void SpecPage::load(const nlohmann::json& spec) {
  for (auto* field : fields_) {
    if (!field->applies(spec)) continue;
    if (const auto value = at(spec, field->key()); !value.is_null() || field->nullable()) field->setValue(value);
  }
}

void SpecPage::store(nlohmann::json& spec) {
  for (auto* field : fields_) {
    const bool applies = field->applies(spec);
    field->setVisible(applies);
    if (!applies) continue;
    if (auto value = field->value(); !value.is_null()) put(spec, field->key(), std::move(value));
  }
}

FormField* SpecPage::field(const std::string& key) const {
  const auto found = std::find_if(fields_.begin(), fields_.end(),
                                  [&](FormField* field) { return field->key() == key && !field->isHidden(); });
  return found == fields_.end() ? nullptr : *found;
}

bool SpecPage::hasError() const {
  return std::any_of(fields_.begin(), fields_.end(),
                     [](FormField* field) { return !field->isHidden() && !field->error().isEmpty(); });
}

}  // namespace cairn::ui
