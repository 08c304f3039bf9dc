#include "ui/dialogs/settings_changes.h"

#include <nlohmann/json.hpp>

#include "ui/dialogs/json_text.h"

namespace cairn::ui {

namespace {

QString readable(const std::string& jsonText) {
  if (jsonText.empty()) return QStringLiteral("none");
  return plainText(nlohmann::json::parse(jsonText));
}

/// The type says more than the fields that came and went with it.
const SettingChange& mostTelling(const std::vector<SettingChange>& changes) {
  for (const auto& change : changes)
    if (change.key.ends_with(".type")) return change;
  return changes.front();
}

}  // namespace

std::vector<SettingChange> settingChanges(const core::RunSpec& before, const core::RunSpec& after) {
  std::vector<SettingChange> changes;
  for (const auto& difference : core::differences(before, after)) {
    if (difference.key == "name") continue;
    changes.push_back({difference.key, readable(difference.before), readable(difference.after)});
  }
  return changes;
}

QString branchNameOf(const std::vector<SettingChange>& changes) {
  if (changes.empty()) return {};
  const auto& change = mostTelling(changes);
  const auto key = QString::fromStdString(change.key);
  const auto part = key.endsWith(QStringLiteral(".type")) ? key.section(QLatin1Char('.'), 0, 0) : key.section(QLatin1Char('.'), -1);
  QString name = QStringLiteral("%1 %2 → %3").arg(part, change.before, change.after);
  if (changes.size() > 1 && !change.key.ends_with(".type")) name += QStringLiteral(" +%1").arg(changes.size() - 1);
  return name;
}

}  // namespace cairn::ui
