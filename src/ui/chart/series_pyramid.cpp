#include "ui/chart/series_pyramid.h"

#include <algorithm>
#include <cmath>

namespace cairn::ui {

void Summary::add(float value) {
  if (!std::isfinite(value)) {
    gaps = true;
    return;
  }
  if (empty()) first = value;
  min = std::min(min, value);
  max = std::max(max, value);
  if (value > 0) minPositive = std::min(minPositive, value);
  last = value;
}

void Summary::add(const Summary& later) {
  gaps = gaps || later.gaps;
  if (later.empty()) return;
  if (empty()) first = later.first;
  min = std::min(min, later.min);
  max = std::max(max, later.max);
  minPositive = std::min(minPositive, later.minPositive);
  last = later.last;
}

void SeriesPyramid::append(float value) {
  values_.push_back(value);
  auto count = values_.size();
  for (std::size_t level = 0; count % kFan == 0; ++level, count /= kFan) {
    if (level == levels_.size()) levels_.emplace_back();
    Summary block;
    if (level == 0) {
      for (auto i = count - kFan; i < count; ++i) block.add(values_[i]);
    } else {
      for (auto i = count - kFan; i < count; ++i) block.add(levels_[level - 1][i]);
    }
    levels_[level].push_back(block);
  }
}

void SeriesPyramid::truncate(std::size_t size) {
  if (size >= values_.size()) return;
  values_.resize(size);
  for (auto& level : levels_) level.resize(std::min(level.size(), size /= kFan));
}

// Climbs while whole blocks remain between the ragged ends; the right ends come back in reverse, as they were left.
Summary SeriesPyramid::summary(std::size_t begin, std::size_t end) const {
  end = std::min(end, values_.size());
  Summary left, right;
  if (begin >= end) return left;
  const auto addFront = [&right](Summary part) {
    part.add(right);
    right = part;
  };
  const auto valueAt = [this](std::size_t i) {
    Summary one;
    one.add(values_[i]);
    return one;
  };
  while (begin < end && begin % kFan != 0) left.add(values_[begin++]);
  while (end > begin && end % kFan != 0) addFront(valueAt(--end));
  begin /= kFan;
  end /= kFan;
  for (const auto& level : levels_) {
    if (begin >= end) break;
    while (begin < end && begin % kFan != 0) left.add(level[begin++]);
    while (end > begin && end % kFan != 0) addFront(level[--end]);
    begin /= kFan;
    end /= kFan;
  }
  left.add(right);
  return left;
}

}  // namespace cairn::ui
