// The values of one series with their extremes at ever coarser levels: any range is summed up in a handful of reads, so
// that drawing costs the width of the chart, not the length of the run, and no extreme is lost. GUI thread, or one owner.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace cairn::ui {

/// What a stretch of values comes to. NaN and infinities count apart: they are gaps, not extremes.
struct Summary {
  float min = std::numeric_limits<float>::infinity();
  float max = -std::numeric_limits<float>::infinity();
  float minPositive = std::numeric_limits<float>::infinity();  ///< for logarithmic axes
  float first = std::numeric_limits<float>::quiet_NaN();       ///< finite ones only
  float last = std::numeric_limits<float>::quiet_NaN();
  bool gaps = false;  ///< holds a value that is not finite

  bool empty() const { return !(min <= max); }
  void add(float value);
  void add(const Summary& later);
};

class SeriesPyramid {
 public:
  static constexpr std::size_t kFan = 16;  ///< values of one level under one of the next

  std::size_t size() const { return values_.size(); }
  float at(std::size_t index) const { return values_[index]; }
  std::span<const float> values() const { return values_; }

  void append(float value);
  void truncate(std::size_t size);
  void clear() { truncate(0); }

  /// Of the values [begin, end).
  Summary summary(std::size_t begin, std::size_t end) const;

 private:
  std::vector<float> values_;
  std::vector<std::vector<Summary>> levels_;  ///< levels_[0][i] sums up values [i * kFan, (i + 1) * kFan); whole ones only
};

}  // namespace cairn::ui
