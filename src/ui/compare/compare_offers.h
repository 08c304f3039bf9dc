// With what a person most likely wants to compare a checkpoint. Pure functions of plain values.
#pragma once

#include <QString>
#include <string>
#include <vector>

#include "ui/home_snapshot.h"

namespace cairn::ui {

struct CompareOffer {
  QString words;                         ///< after "Compare": "with digits @ 700, the best of its run"
  std::vector<std::string> checkpoints;  ///< ids: A, B, C, D
};

/// The likeliest first: what is ticked, with `checkpoint` if there is room; then the one that its run branched from, the
/// best of that run, and the best and the newest of its own. Empty if the home has no other to offer.
std::vector<CompareOffer> compareOffers(const HomeSnapshot& home, const std::vector<std::string>& ticked,
                                        const core::CheckpointRecord& checkpoint);

}  // namespace cairn::ui
