#include "ui/dialogs/editors.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QToolButton>
#include <algorithm>

#include "ui/dialogs/json_text.h"
#include "ui/theme.h"

namespace cairn::ui {

using nlohmann::json;

namespace {

constexpr int kShortText = 10;

FormField* lineField(std::string key, const QString& label, QLineEdit* edit, FormField::Access access) {
  auto* field = new FormField(std::move(key), label, edit, std::move(access));
  QObject::connect(edit, &QLineEdit::textChanged, field, &FormField::markEdited);
  return field;
}

json splitNumbers(const QString& text) {
  auto list = json::array();
  for (const auto& part : text.split(QLatin1Char(','))) {
    if (!part.trimmed().isEmpty()) list.push_back(numberOrText(part));
  }
  return list;
}

QComboBox* editableCombo() {
  auto* combo = new QComboBox;
  combo->setEditable(true);
  combo->setInsertPolicy(QComboBox::NoInsert);
  combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  combo->setMinimumContentsLength(kShortText);
  return combo;
}

}  // namespace

FormField* textField(std::string key, const QString& label, const QString& value) {
  auto* edit = new QLineEdit(value);
  return lineField(std::move(key), label, edit,
                   {[edit]() -> json { return edit->text().toStdString(); },
                    [edit](const json& v) { edit->setText(plainText(v)); }});
}

FormField* numberField(std::string key, const QString& label, const QString& fallback, const QString& placeholder) {
  auto* edit = new QLineEdit(fallback);
  edit->setPlaceholderText(placeholder);
  const bool optional = !placeholder.isEmpty();
  return lineField(std::move(key), label, edit,
                   {[edit, optional]() -> json {
                      if (optional && edit->text().trimmed().isEmpty()) return nullptr;
                      return numberOrText(edit->text());
                    },
                    [edit](const json& v) { edit->setText(plainText(v)); }, optional});
}

FormField* numberOrWordField(std::string key, const QString& label, const QString& fallback, const QString& zero) {
  auto* edit = new QLineEdit(fallback);
  return lineField(std::move(key), label, edit,
                   {[edit, zero]() -> json {
                      return edit->text().trimmed().compare(zero, Qt::CaseInsensitive) == 0 ? json(0) : numberOrText(edit->text());
                    },
                    [edit, zero](const json& v) { edit->setText(v == json(0) ? zero : plainText(v)); }});
}

FormField* listField(std::string key, const QString& label, const QString& fallback, const QString& placeholder) {
  auto* edit = new QLineEdit(fallback);
  edit->setPlaceholderText(placeholder);
  return lineField(std::move(key), label, edit, {[edit] { return splitNumbers(edit->text()); },
                                                 [edit](const json& v) { edit->setText(plainText(v)); }});
}

FormField* flagField(std::string key, const QString& label, bool fallback) {
  auto* box = new QCheckBox(label);
  box->setChecked(fallback);
  auto* field = new FormField(std::move(key), {}, box,
                              {[box]() -> json { return box->isChecked(); },
                               [box](const json& v) { box->setChecked(v.is_boolean() && v.get<bool>()); }});
  QObject::connect(box, &QCheckBox::toggled, field, &FormField::markEdited);
  return field;
}

FormField* choiceField(std::string key, const QString& label, std::vector<ChoiceItem> items) {
  auto* combo = new QComboBox;
  // The longest label must not set the form's width: a small window would cut the editors off.
  combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  combo->setMinimumContentsLength(kShortText);
  for (const auto& item : items) combo->addItem(item.label, QString::fromStdString(item.value.dump()));
  const auto read = [combo]() -> json { return json::parse(combo->currentData().toString().toStdString()); };
  const auto write = [combo](const json& v) {
    const auto data = QString::fromStdString(v.dump());
    if (combo->findData(data) < 0) combo->addItem(plainText(v), data);
    combo->setCurrentIndex(combo->findData(data));
  };
  const bool nullable = std::any_of(items.begin(), items.end(), [](const ChoiceItem& item) { return item.value.is_null(); });
  auto* field = new FormField(std::move(key), label, combo, {read, write, nullable});
  QObject::connect(combo, &QComboBox::currentIndexChanged, field, &FormField::markEdited);
  return field;
}

FormField* comboField(std::string key, const QString& label, const QStringList& items) {
  auto* combo = editableCombo();
  combo->addItems(items);
  auto* field = new FormField(std::move(key), label, combo,
                              {[combo] { return numberOrText(combo->currentText()); },
                               [combo](const json& v) { combo->setCurrentText(plainText(v)); }});
  QObject::connect(combo, &QComboBox::currentTextChanged, field, &FormField::markEdited);
  return field;
}

void setComboItems(FormField* field, const QStringList& items) {
  auto* combo = qobject_cast<QComboBox*>(field->editor());
  if (!combo) return;
  const QSignalBlocker quiet(combo);
  const auto text = combo->currentText();
  combo->clear();
  combo->addItems(items);
  combo->setCurrentText(text);
}

FormField* pathField(std::string key, const QString& label, const QString& caption, const QString& filter) {
  auto* row = new QWidget;
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(Theme::kSpacing / 2);
  auto* edit = new QLineEdit;
  auto* browse = new QToolButton;
  browse->setProperty("framed", true);
  browse->setIcon(Theme::instance().icon(QStringLiteral("folder")));
  browse->setToolTip(caption);
  browse->setAccessibleName(caption);
  layout->addWidget(edit, 1);
  layout->addWidget(browse);
  row->setFocusProxy(edit);
  auto* field = new FormField(std::move(key), label, row,
                              {[edit]() -> json { return edit->text().trimmed().toStdString(); },
                               [edit](const json& v) { edit->setText(plainText(v)); }});
  QObject::connect(edit, &QLineEdit::textChanged, field, &FormField::markEdited);
  QObject::connect(browse, &QToolButton::clicked, field, [edit, caption, filter, field] {
    const auto file = QFileDialog::getOpenFileName(field, caption, edit->text(), filter);
    if (!file.isEmpty()) edit->setText(file);
  });
  return field;
}

FormField* columnsField(std::string key, const QString& label) {
  auto* combo = editableCombo();
  const auto read = [combo]() -> json {
    const auto text = combo->currentText().trimmed();
    if (combo->findText(text, Qt::MatchExactly) >= 0 || !text.contains(QLatin1Char(','))) return text.toStdString();
    auto names = json::array();
    for (const auto& name : text.split(QLatin1Char(','))) names.push_back(name.trimmed().toStdString());
    return names;
  };
  auto* field = new FormField(std::move(key), label, combo,
                              {read, [combo](const json& v) { combo->setCurrentText(plainText(v)); }});
  QObject::connect(combo, &QComboBox::currentTextChanged, field, &FormField::markEdited);
  return field;
}

}  // namespace cairn::ui
