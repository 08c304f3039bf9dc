#include "ui/selection.h"

#include <algorithm>
#include <utility>

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

bool Selection::isCompared(const std::string& checkpoint) const {
  return std::find(compared_.begin(), compared_.end(), checkpoint) != compared_.end();
}

void Selection::tickBeside(const std::string& checkpoint) {
  if (compared_.empty() && !checkpoint_.empty() && checkpoint_ != checkpoint) compared_.push_back(checkpoint_);
  toggleCompared(checkpoint);
}

void Selection::setCompared(std::vector<std::string> checkpoints) {
  if (checkpoints.size() > kMostCompared) checkpoints.resize(kMostCompared);
  if (checkpoints == compared_) return;
  compared_ = std::move(checkpoints);
  Q_EMIT comparedChanged();
}

void Selection::toggleCompared(const std::string& checkpoint) {
  std::string fellOut;
  const auto at = std::find(compared_.begin(), compared_.end(), checkpoint);
  if (at != compared_.end()) {
    compared_.erase(at);
  } else {
    if (compared_.size() == kMostCompared) {
      fellOut = std::move(compared_.front());
      compared_.erase(compared_.begin());
    }
    compared_.push_back(checkpoint);
  }
  Q_EMIT comparedChanged();
  if (!fellOut.empty()) Q_EMIT tickFellOut(fellOut);
}

}  // namespace cairn::ui
