#include "core/tensor_arithmetic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

namespace cairn::core {

namespace {

constexpr std::size_t kPiece = 2048;          // two of doubles fit into the first-level cache
constexpr std::int64_t kTickEvery = 1 << 20;  // values
constexpr std::size_t kLanes = 8;             // partial sums, so that the processor's vectors can be used
using Piece = std::array<double, kPiece>;

template <typename T>
void widen(const std::byte* from, std::span<double> to) {
  for (std::size_t i = 0; i < to.size(); ++i) {
    T value;
    std::memcpy(&value, from + i * sizeof(T), sizeof(T));
    to[i] = static_cast<double>(value);
  }
}

/// Calls `work(at, count)` for piece after piece of `total` values, and `tick` now and then.
template <typename Work>
void inPieces(std::int64_t total, const Tick& tick, Work&& work) {
  std::int64_t sinceTick = 0;
  for (std::int64_t at = 0; at < total; at += static_cast<std::int64_t>(kPiece)) {
    const auto count = std::min<std::int64_t>(kPiece, total - at);
    work(at, static_cast<std::size_t>(count));
    sinceTick += count;
    if (tick && sinceTick >= kTickEvery) tick(std::exchange(sinceTick, 0));
  }
  if (tick && sinceTick > 0) tick(sinceTick);
}

template <typename Term>
double sumOf(std::size_t count, Term term) {
  std::array<double, kLanes> lanes{};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += term(i + lane);
  for (; i < count; ++i) lanes[0] += term(i);
  double sum = 0;
  for (const double lane : lanes) sum += lane;
  return sum;
}

template <typename Value>
double largestOf(std::size_t count, Value value) {
  std::array<double, kLanes> lanes{};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] = std::max(lanes[lane], value(i + lane));
  for (; i < count; ++i) lanes[0] = std::max(lanes[0], value(i));
  return *std::max_element(lanes.begin(), lanes.end());
}

/// Moments so far, joined piece by piece (Chan, Golub and LeVeque, "Updating formulae", 1979): stable whatever the
/// mean.
struct Moments {
  double count = 0, mean = 0, squares = 0;

  void join(std::span<const double> values) {
    if (values.empty()) return;
    const auto n = static_cast<double>(values.size());
    const double own = sumOf(values.size(), [&](std::size_t i) { return values[i]; }) / n;
    const double around = sumOf(values.size(), [&](std::size_t i) { return (values[i] - own) * (values[i] - own); });
    const double apart = own - mean;
    squares += around + apart * apart * count * n / (count + n);
    mean += apart * n / (count + n);
    count += n;
  }
};

void addToPair(DistanceSums& sums, std::int64_t at, std::span<const double> a, std::span<const double> b) {
  const auto n = a.size();
  sums.squares += sumOf(n, [&](std::size_t i) { return (b[i] - a[i]) * (b[i] - a[i]); });
  sums.product += sumOf(n, [&](std::size_t i) { return a[i] * b[i]; });
  sums.normA += sumOf(n, [&](std::size_t i) { return a[i] * a[i]; });
  sums.normOther += sumOf(n, [&](std::size_t i) { return b[i] * b[i]; });
  const double largest = largestOf(n, [&](std::size_t i) { return std::abs(b[i] - a[i]); });
  if (largest <= sums.maxAbs) return;
  sums.maxAbs = largest;
  for (std::size_t i = 0; i < n; ++i) {
    if (std::abs(b[i] - a[i]) != largest) continue;
    sums.maxAt = at + static_cast<std::int64_t>(i);
    return;
  }
}

bool allFinite(std::span<const double> values) {
  // A sum of values that are all numbers is one; the other way round it may overflow, and then is looked at singly.
  return std::isfinite(sumOf(values.size(), [&](std::size_t i) { return std::abs(values[i]); }));
}

std::vector<std::int64_t> indexOf(std::int64_t at, const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> index(shape.size());
  for (std::size_t i = shape.size(); i-- > 0;) {
    index[i] = at % shape[i];
    at /= shape[i];
  }
  return index;
}

}  // namespace

void loadValues(const Tensor& tensor, std::int64_t at, std::span<double> to) {
  const auto* from = tensor.bytes.data() + static_cast<std::size_t>(at) * itemSize(tensor.dtype);
  switch (tensor.dtype) {
    case DType::Float32: return widen<float>(from, to);
    case DType::Float64: return widen<double>(from, to);
    case DType::UInt8: return widen<std::uint8_t>(from, to);
    case DType::Int8: return widen<std::int8_t>(from, to);
    case DType::Int16: return widen<std::int16_t>(from, to);
    case DType::Int32: return widen<std::int32_t>(from, to);
    case DType::Int64: return widen<std::int64_t>(from, to);
    case DType::Float16:
    case DType::BFloat16:
    case DType::Bool: break;
  }
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = tensor.at(at + static_cast<std::int64_t>(i));
}

TensorStats statsOf(const Tensor& tensor, const Tick& tick) {
  TensorStats stats;
  Moments moments;
  double squares = 0;
  stats.min = std::numeric_limits<double>::infinity();
  stats.max = -stats.min;
  Piece piece;
  inPieces(tensor.numel(), tick, [&](std::int64_t at, std::size_t count) {
    std::span<double> values(piece.data(), count);
    loadValues(tensor, at, values);
    squares += sumOf(count, [&](std::size_t i) { return values[i] * values[i]; });
    if (!allFinite(values)) {
      const auto end = std::remove_if(values.begin(), values.end(), [](double value) { return !std::isfinite(value); });
      values = values.first(static_cast<std::size_t>(end - values.begin()));
      stats.notFinite += static_cast<std::int64_t>(count - values.size());
    }
    moments.join(values);
    for (const double value : values) {
      stats.min = std::min(stats.min, value);
      stats.max = std::max(stats.max, value);
    }
  });
  stats.norm = std::sqrt(squares);
  if (moments.count == 0) stats.min = stats.max = 0;
  stats.mean = moments.mean;
  stats.deviation = moments.count > 0 ? std::sqrt(moments.squares / moments.count) : 0;
  return stats;
}

DistanceSums sumsOf(const Tensor& a, const Tensor& other, const Tick& tick) {
  DistanceSums sums;
  Piece ofA, ofOther;
  inPieces(a.numel(), tick, [&](std::int64_t at, std::size_t count) {
    const std::span<double> left(ofA.data(), count), right(ofOther.data(), count);
    loadValues(a, at, left);
    loadValues(other, at, right);
    if (!allFinite(left) || !allFinite(right)) {
      for (std::size_t i = 0; i < count; ++i) {
        if (std::isfinite(left[i]) && std::isfinite(right[i])) continue;
        left[i] = right[i] = 0;
        ++sums.notFinite;
      }
    }
    addToPair(sums, at, left, right);
  });
  return sums;
}

TensorDistance distanceOf(const DistanceSums& sums) {
  TensorDistance distance;
  distance.l2 = std::sqrt(sums.squares);
  distance.maxAbs = sums.maxAbs;
  distance.maxAt = sums.maxAt;
  if (sums.notFinite > 0) return distance;
  const double a = std::sqrt(sums.normA), other = std::sqrt(sums.normOther);
  if (a > 0)
    distance.relativeL2 = distance.l2 / a;
  else if (other == 0)
    distance.relativeL2 = 0;
  if (a > 0 && other > 0) distance.cosine = sums.squares == 0 ? 1.0 : std::clamp(sums.product / a / other, -1.0, 1.0);
  return distance;
}

TensorDistance distanceBetween(const Tensor& a, const Tensor& other, const DistanceSums& sums) {
  auto distance = distanceOf(sums);
  distance.identical = a.sameValue(other);
  if (a.numel() == 0) return distance;
  distance.maxIndex = indexOf(sums.maxAt, a.shape);
  distance.atA = a.at(sums.maxAt);
  distance.atOther = other.at(sums.maxAt);
  return distance;
}

std::vector<double> channelDistances(const Tensor& a, const Tensor& other) {
  if (a.shape.empty() || a.numel() == 0) return {};
  const auto size = a.numel() / a.shape.front();
  std::vector<double> distances;
  Piece ofA, ofOther;
  for (std::int64_t channel = 0; channel < a.shape.front(); ++channel) {
    double squares = 0;
    inPieces(size, {}, [&](std::int64_t at, std::size_t count) {
      const std::span<double> left(ofA.data(), count), right(ofOther.data(), count);
      loadValues(a, channel * size + at, left);
      loadValues(other, channel * size + at, right);
      squares += sumOf(count, [&](std::size_t i) {
        const double apart = right[i] - left[i];
        return std::isfinite(apart) ? apart * apart : 0.0;
      });
    });
    distances.push_back(std::sqrt(squares));
  }
  return distances;
}

std::vector<std::int64_t> histogramOf(const Tensor& tensor, double low, double high, int bins) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(bins));
  const double width = (high - low) / bins;
  const auto border = [&](int i) { return i == bins ? high : low + i * width; };
  Piece piece;
  inPieces(tensor.numel(), {}, [&](std::int64_t at, std::size_t count) {
    const std::span<double> values(piece.data(), count);
    loadValues(tensor, at, values);
    for (const double value : values) {
      if (!(value >= low && value <= high)) continue;
      // The division's last bit may put a value on the wrong side of a border.
      int bin = std::min(static_cast<int>((value - low) / width), bins - 1);
      if (value < border(bin))
        --bin;
      else if (bin + 1 < bins && value >= border(bin + 1))
        ++bin;
      ++counts[static_cast<std::size_t>(bin)];
    }
  });
  return counts;
}

}  // namespace cairn::core
