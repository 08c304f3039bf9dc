// What differs between two specs, as a person reads it. Pure functions.
#pragma once

#include <QString>
#include <string>
#include <vector>

#include "core/run_spec.h"

namespace cairn::ui {

struct SettingChange {
  std::string key;
  QString before, after;  ///< "none" where the key is absent
};

/// The name apart.
std::vector<SettingChange> settingChanges(const core::RunSpec& before, const core::RunSpec& after);
/// "lr 0.01 → 0.003"; with several, the first and how many more; "" with none.
QString branchNameOf(const std::vector<SettingChange>& changes);

}  // namespace cairn::ui
