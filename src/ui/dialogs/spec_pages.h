// The pages of a run's settings, each with the fields of its part of the spec. GUI thread.
#pragma once

#include "ui/dialogs/spec_page.h"

namespace cairn::ui {

SpecPage* makeDataPage();
SpecPage* makeModelPage();
SpecPage* makeTrainingPage();
SpecPage* makeCheckpointPage();

/// Keys that steer the forms: what the spec says by a key's presence, the person says by a choice.
namespace formkeys {
inline constexpr const char* kValidation = "~validation";        ///< "fraction", "files" or "none"
inline constexpr const char* kLimit = "~limit";                  ///< "epochs" or "steps"
inline constexpr const char* kEarlyStopping = "~early_stopping";  ///< bool
}  // namespace formkeys

/// A whole spec's JSON with the forms' own keys added, and with them taken out.
nlohmann::json withFormKeys(nlohmann::json spec);
nlohmann::json withoutFormKeys(nlohmann::json spec);

}  // namespace cairn::ui
