// Makers of form fields, one a kind of value. What cannot be read as the wanted type is passed on as text, so that the
// spec's own validation names it. GUI thread.
#pragma once

#include <QString>
#include <QStringList>
#include <string>
#include <utility>
#include <vector>

#include "ui/dialogs/form_field.h"

namespace cairn::ui {

FormField* textField(std::string key, const QString& label, const QString& value = {});
/// Digits as a person types them, "1e-3" too. `fallback` stands in it at first; "" leaves the key out when empty,
/// with `placeholder` saying what then holds.
FormField* numberField(std::string key, const QString& label, const QString& fallback, const QString& placeholder = {});
/// A number of which 0 is said as a word, "off" say.
FormField* numberOrWordField(std::string key, const QString& label, const QString& fallback, const QString& zero);
/// Numbers separated by commas; an empty line is an empty list.
FormField* listField(std::string key, const QString& label, const QString& fallback, const QString& placeholder = {});
FormField* flagField(std::string key, const QString& label, bool fallback);

struct ChoiceItem {
  nlohmann::json value;
  QString label;
};
/// The first item stands at first. A value that is not offered is added when it is set.
FormField* choiceField(std::string key, const QString& label, std::vector<ChoiceItem> items);
/// Offers items, and takes what is typed: a whole number as a number, else text.
FormField* comboField(std::string key, const QString& label, const QStringList& items);
void setComboItems(FormField* field, const QStringList& items);  ///< keeps what stands in it

/// A path that may be typed, with a button for the file dialog.
FormField* pathField(std::string key, const QString& label, const QString& caption, const QString& filter);
/// Columns of a table: one name as a string, several (separated by commas) as a list.
FormField* columnsField(std::string key, const QString& label);

}  // namespace cairn::ui
