#include "ui/dialogs/json_text.h"

#include <QStringList>

namespace cairn::ui {

using nlohmann::json;

namespace {

json::json_pointer pointer(const std::string& key) {
  std::string path = "/" + key;
  for (auto& c : path)
    if (c == '.') c = '/';
  // '~' escapes in a JSON pointer; the form's own keys begin with it.
  if (path.starts_with("/~")) path.insert(2, "0");
  return json::json_pointer(path);
}

}  // namespace

json numberOrText(const QString& text) {
  const auto trimmed = text.trimmed();
  bool ok = false;
  if (const auto whole = trimmed.toLongLong(&ok); ok) return whole;
  if (const auto number = trimmed.toDouble(&ok); ok) return number;
  return trimmed.toStdString();
}

QString plainText(const json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return QString::fromStdString(value.get<std::string>());
  if (!value.is_array()) {
    auto text = QString::fromStdString(value.dump());
    if (text.endsWith(QLatin1String(".0"))) text.chop(2);
    return text;
  }
  QStringList parts;
  for (const auto& item : value) parts << plainText(item);
  return parts.join(QStringLiteral(", "));
}

json at(const json& spec, const std::string& key) {
  const auto path = pointer(key);
  return spec.contains(path) ? spec.at(path) : json();
}

void put(json& spec, const std::string& key, json value) { spec[pointer(key)] = std::move(value); }

bool is(const json& spec, const std::string& key, const std::string& wanted) {
  const auto value = at(spec, key);
  return value.is_string() && value.get<std::string>() == wanted;
}

}  // namespace cairn::ui
