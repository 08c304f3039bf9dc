#include "ui/compare/shared_comparison.h"

#include <chrono>

#include "core/error.h"
#include "training/comparison.h"

namespace cairn::ui {

namespace {
constexpr std::chrono::milliseconds kLook{50};  ///< between two looks at whether the work is still wanted
}

SharedComparison::SharedComparison(const storage::Home& home, std::vector<std::string> checkpoints)
    : home_(home), checkpoints_(std::move(checkpoints)) {}

std::shared_ptr<const training::Comparison> SharedComparison::get(const core::Progress& progress) {
  std::unique_lock lock(opening_, std::defer_lock);
  while (!lock.try_lock_for(kLook)) {
    if (!progress("Reading the checkpoints", 0, 0)) throw Error::cancelled("the comparison");
  }
  if (!open_) open_ = training::Comparison::open(home_, checkpoints_, progress);
  read_ = true;
  return open_;
}

}  // namespace cairn::ui
