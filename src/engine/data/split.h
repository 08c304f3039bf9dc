// Which samples train and which validate, fixed by the seed. Pure functions.
#pragma once

#include <cstdint>
#include <vector>

namespace cairn::engine {

struct Split {
  std::vector<std::int64_t> training, validation;  ///< both in the order of the file
};

/// How many of `count` samples a fraction sets aside: rounded, at least one if the fraction is above 0. Throws Error
/// of kind Invalid if none would be left to train on.
std::int64_t validationCount(std::int64_t count, double fraction);

/// Draws the validation part from 0 to count - 1 at random.
Split randomSplit(std::int64_t count, double fraction, std::int64_t seed);

/// 0 to count - 1 with the last ones set aside: for text, whose neighbouring blocks tell of each other.
Split tailSplit(std::int64_t count, double fraction);

}  // namespace cairn::engine
