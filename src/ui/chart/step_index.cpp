#include "ui/chart/step_index.h"

#include <algorithm>
#include <cmath>

namespace cairn::ui {

void StepIndex::append(std::int64_t step) {
  if (!stretches_.empty()) {
    auto& open = stretches_.back();
    const auto count = static_cast<std::int64_t>(size_ - open.first);
    if (count == 1) open.stride = step - open.step;
    if (step == open.step + count * open.stride) {
      ++size_;
      return;
    }
  }
  stretches_.push_back({size_++, step, 0});
}

void StepIndex::truncate(std::size_t size) {
  if (size >= size_) return;
  while (!stretches_.empty() && stretches_.back().first >= size) stretches_.pop_back();
  size_ = size;
  if (!stretches_.empty() && size_ - stretches_.back().first == 1) stretches_.back().stride = 0;
}

std::int64_t StepIndex::at(std::size_t index) const {
  const auto after = std::upper_bound(stretches_.begin(), stretches_.end(), index,
                                      [](std::size_t i, const Stretch& stretch) { return i < stretch.first; });
  const auto& stretch = *std::prev(after);
  return stretch.step + static_cast<std::int64_t>(index - stretch.first) * stretch.stride;
}

std::size_t StepIndex::lowerBound(double step) const {
  const auto after = std::upper_bound(stretches_.begin(), stretches_.end(), step, [](double s, const Stretch& stretch) {
    return s <= static_cast<double>(stretch.step);
  });
  if (after == stretches_.begin()) return 0;
  const auto place = static_cast<std::size_t>(after - stretches_.begin()) - 1;
  const auto& stretch = stretches_[place];
  const auto end = endOf(place);
  if (stretch.stride == 0) return end;
  const double points = std::ceil((step - static_cast<double>(stretch.step)) / static_cast<double>(stretch.stride));
  if (points >= static_cast<double>(end - stretch.first)) return end;
  return stretch.first + static_cast<std::size_t>(std::max(0.0, points));
}

std::size_t StepIndex::endOf(std::size_t stretch) const {
  return stretch + 1 < stretches_.size() ? stretches_[stretch + 1].first : size_;
}

}  // namespace cairn::ui
