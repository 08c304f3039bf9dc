#include "engine/data/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.h"
#include "engine/data/random.h"

namespace cairn::engine {

namespace {

/// Keeps the split's numbers apart from those of other uses of the same seed (the order of samples).
constexpr std::uint64_t kSplitStream = 0x73706c6974ull;  // "split"

Split cut(const std::vector<std::int64_t>& order, std::int64_t validation) {
  Split split;
  const auto border = order.end() - validation;
  split.training.assign(order.begin(), border);
  split.validation.assign(border, order.end());
  std::sort(split.training.begin(), split.training.end());
  std::sort(split.validation.begin(), split.validation.end());
  return split;
}

std::vector<std::int64_t> inOrder(std::int64_t count) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  return order;
}

}  // namespace

std::int64_t validationCount(std::int64_t count, double fraction) {
  if (fraction <= 0) return 0;
  const auto wanted = std::max<std::int64_t>(1, std::llround(fraction * static_cast<double>(count)));
  if (wanted >= count)
    throw Error::invalid("data.validation_fraction",
                         fmt::format("{} of {} samples leaves none to train on", fraction, count),
                         "make it smaller, or give more data");
  return wanted;
}

Split randomSplit(std::int64_t count, double fraction, std::int64_t seed) {
  const auto validation = validationCount(count, fraction);
  if (validation == 0) return {inOrder(count), {}};
  SplitMix64 random(static_cast<std::uint64_t>(seed) ^ kSplitStream);
  return cut(permutation(count, random), validation);
}

Split tailSplit(std::int64_t count, double fraction) { return cut(inOrder(count), validationCount(count, fraction)); }

}  // namespace cairn::engine
