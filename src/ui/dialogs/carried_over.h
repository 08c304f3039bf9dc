// What a branch takes along from its checkpoint and what begins anew, and what a changed setting means: as the engine
// does it (engine/loop/learner_restore.cpp). Pure functions; GUI thread for translations.
#pragma once

#include <QString>
#include <vector>

#include "core/records.h"

namespace cairn::ui {

struct Carried {
  QString what;
  bool kept = true;
  QString how;  ///< "of step 450", or why it begins anew
};

std::vector<Carried> carriedOver(const core::CheckpointRecord& from, const core::RunSpec& before, const core::RunSpec& now,
                                 bool resetOptimizer);
/// What it means that a setting is not as it was; "" where that needs no words.
QString meaningOf(const std::string& key, const core::RunSpec& before);
/// What a run with such a schedule should hear before it goes past its T_max.
QString cosineRisesAgain();
/// Why the branch would train nothing: its limit lies behind the checkpoint. "" if it would; `key` is then the setting.
QString whyNothingToTrain(const core::CheckpointRecord& from, const core::RunSpec& now, std::string& key);

}  // namespace cairn::ui
