// JSON values as a person types and reads them, and dotted keys. Pure functions.
#pragma once

#include <QString>
#include <nlohmann/json.hpp>
#include <string>

namespace cairn::ui {

/// A whole or decimal number if it reads as one, else the text itself.
nlohmann::json numberOrText(const QString& text);
/// As it stands in an editor: no quotes, lists separated by ", ", null as "".
QString plainText(const nlohmann::json& value);
/// The value at a dotted key, or null.
nlohmann::json at(const nlohmann::json& spec, const std::string& key);
/// Sets it, making the objects on the way.
void put(nlohmann::json& spec, const std::string& key, nlohmann::json value);
/// Whether the value at `key` is the text `wanted`.
bool is(const nlohmann::json& spec, const std::string& key, const std::string& wanted);

}  // namespace cairn::ui
