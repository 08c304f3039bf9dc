// A small generator whose numbers are the same on every platform and with every LibTorch: for the split of the data
// and the order of samples, which are fixed by the seed for ever. Values; no thread rule.
#pragma once

#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace cairn::engine {

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  /// A number below `bound` (not 0), each as likely as the other: values that would favour some are drawn anew.
  std::uint64_t below(std::uint64_t bound) {
    const std::uint64_t surplus = (0 - bound) % bound;  // 2^64 mod bound
    for (;;) {
      const std::uint64_t value = next();
      if (value >= surplus) return value % bound;
    }
  }

 private:
  std::uint64_t state_;
};

/// Fisher and Yates' shuffle.
inline void shuffle(std::span<std::int64_t> items, SplitMix64& random) {
  for (std::size_t left = items.size(); left > 1; --left) std::swap(items[left - 1], items[random.below(left)]);
}

/// 0 to count - 1 in an order that `random` decides.
inline std::vector<std::int64_t> permutation(std::int64_t count, SplitMix64& random) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  shuffle(order, random);
  return order;
}

}  // namespace cairn::engine
