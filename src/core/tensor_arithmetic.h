// Norms, distances and histograms of tensors as checkpoints hold them, whatever their type, summed in double in pieces
// that stay in the cache. Pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/comparison.h"
#include "core/state_tree.h"

namespace cairn::core {

/// Called now and then with how many values were gone through since it was called last. May throw to stop.
using Tick = std::function<void(std::int64_t values)>;

TensorStats statsOf(const Tensor& tensor, const Tick& tick = {});

/// What distances are made of; those of several tensors add up to those of all as one vector.
struct DistanceSums {
  double squares = 0;               ///< of other - A
  double product = 0;               ///< A times other
  double normA = 0, normOther = 0;  ///< squared, of the finite pairs
  std::int64_t notFinite = 0;       ///< pairs of which one is no number
  double maxAbs = 0;
  std::int64_t maxAt = 0;
};
/// Both have the same shape.
DistanceSums sumsOf(const Tensor& a, const Tensor& other, const Tick& tick = {});
/// Without maxIndex, atA, atOther and identical.
TensorDistance distanceOf(const DistanceSums& sums);
/// Both have the same shape.
TensorDistance distanceBetween(const Tensor& a, const Tensor& other, const DistanceSums& sums);

/// L2 distance of each slice of the first dimension; empty for 0-dim tensors. Both have the same shape.
std::vector<double> channelDistances(const Tensor& a, const Tensor& other);

/// Values in each of `bins` equal parts of [low, high], as numpy.histogram counts them; what is outside or NaN is not.
std::vector<std::int64_t> histogramOf(const Tensor& tensor, double low, double high, int bins);

/// Copies values [at, at + to.size()) as doubles.
void loadValues(const Tensor& tensor, std::int64_t at, std::span<double> to);

}  // namespace cairn::core
