// Which step each point of a series stands at, kept as stretches of even stride: a series measured at each step takes a
// few bytes however long it is. GUI thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cairn::ui {

class StepIndex {
 public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  void append(std::int64_t step);  ///< greater than the last
  void truncate(std::size_t size);

  std::int64_t at(std::size_t index) const;
  std::int64_t last() const { return at(size_ - 1); }
  /// The first point at `step` or after it; size() if none.
  std::size_t lowerBound(double step) const;

 private:
  struct Stretch {
    std::size_t first = 0;     ///< index of its first point
    std::int64_t step = 0;     ///< of that point
    std::int64_t stride = 0;   ///< 0 while it has one point
  };
  std::size_t endOf(std::size_t stretch) const;

  std::vector<Stretch> stretches_;
  std::size_t size_ = 0;
};

}  // namespace cairn::ui
