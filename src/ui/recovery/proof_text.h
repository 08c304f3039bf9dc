// What repeating recorded steps showed, in words. Pure functions.
#pragma once

#include <QString>
#include <string>
#include <vector>

#include "core/records.h"
#include "ui/home_snapshot.h"

namespace cairn::ui {

QString proofHeadline(const core::ResumeCheck& check);  ///< "12 of 12 repeated steps identical"
/// Where steps first differ, both values, and what changed since ("threads: 1, now 2"); "" if none differs.
QString proofDetail(const core::ResumeCheck& check, const std::vector<std::string>& changes);
/// What the newest resume of `run` found changed.
std::vector<std::string> changesSinceResume(const HomeSnapshot& snapshot, const std::string& run);
/// Whether there is something to show of it: a resume that repeated no step proves nothing.
bool hasProof(const core::RunRecord& run);

}  // namespace cairn::ui
