#include "ui/selection.h"

#include <algorithm>

namespace cairn::ui {

void Selection::selectRun(const std::string& run) {
  if (run == run_) return;
  selectCheckpoint(run, {});
}

void Selection::selectCheckpoint(const std::string& run, const std::string& checkpoint) {
  const bool otherRun = run != run_;
  const bool otherCheckpoint = checkpoint != checkpoint_;
  run_ = run;
  checkpoint_ = checkpoint;
  if (otherRun) Q_EMIT runChanged();
  if (otherCheckpoint) Q_EMIT checkpointChanged();
}

void Selection::clear() { selectCheckpoint({}, {}); }

void Selection::toggleCompared(const std::string& checkpoint) {
  const auto at = std::find(compared_.begin(), compared_.end(), checkpoint);
  if (at != compared_.end()) {
    compared_.erase(at);
  } else {
    if (compared_.size() == 4) compared_.erase(compared_.begin());
    compared_.push_back(checkpoint);
  }
  Q_EMIT comparedChanged();
}

}  // namespace cairn::ui
