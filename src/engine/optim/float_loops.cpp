#include "engine/optim/float_loops.h"

#include <array>
#include <cmath>
#include <cstddef>

// A sanitizer's runtime is not there yet when the choice is made.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define CAIRN_EACH_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CAIRN_EACH_PROCESSOR
#endif

namespace cairn::engine {

CAIRN_EACH_PROCESSOR void adamUpdate(std::int64_t count, float* __restrict p, const float* __restrict g,
                                     float* __restrict mean, float* __restrict square, AdamScalars s) {
  for (std::int64_t i = 0; i < count; ++i) {
    const float parameter = p[i] * s.shrink;
    const float gradient = g[i] + s.weightDecay * parameter;
    const float m = mean[i] * s.beta1 + gradient * s.oneMinusBeta1;
    const float v = square[i] * s.beta2 + gradient * gradient * s.oneMinusBeta2;
    mean[i] = m;
    square[i] = v;
    p[i] = parameter - s.stepSize * m / (std::sqrt(v) / s.correction2Sqrt + s.eps);
  }
}

CAIRN_EACH_PROCESSOR void amsgradUpdate(std::int64_t count, float* __restrict p, const float* __restrict g,
                                        float* __restrict mean, float* __restrict square, float* __restrict maxSquare,
                                        AdamScalars s) {
  for (std::int64_t i = 0; i < count; ++i) {
    const float parameter = p[i] * s.shrink;
    const float gradient = g[i] + s.weightDecay * parameter;
    const float m = mean[i] * s.beta1 + gradient * s.oneMinusBeta1;
    const float v = square[i] * s.beta2 + gradient * gradient * s.oneMinusBeta2;
    mean[i] = m;
    square[i] = v;
    const float largest = maxSquare[i] > v ? maxSquare[i] : v;
    maxSquare[i] = largest;
    p[i] = parameter - s.stepSize * m / (std::sqrt(largest) / s.correction2Sqrt + s.eps);
  }
}

CAIRN_EACH_PROCESSOR void sgdUpdate(std::int64_t count, float* __restrict p, const float* __restrict g, SgdScalars s) {
  for (std::int64_t i = 0; i < count; ++i) p[i] -= s.lr * (g[i] + s.weightDecay * p[i]);
}

CAIRN_EACH_PROCESSOR void startMomentum(std::int64_t count, const float* __restrict p, const float* __restrict g,
                                        float* __restrict buffer, SgdScalars s) {
  for (std::int64_t i = 0; i < count; ++i) buffer[i] = g[i] + s.weightDecay * p[i];
}

CAIRN_EACH_PROCESSOR void moveMomentum(std::int64_t count, const float* __restrict p, const float* __restrict g,
                                       float* __restrict buffer, SgdScalars s) {
  for (std::int64_t i = 0; i < count; ++i)
    buffer[i] = s.momentum * buffer[i] + s.dampened * (g[i] + s.weightDecay * p[i]);
}

CAIRN_EACH_PROCESSOR void applyMomentum(std::int64_t count, float* __restrict p, const float* __restrict buffer,
                                        SgdScalars s) {
  for (std::int64_t i = 0; i < count; ++i) p[i] -= s.lr * buffer[i];
}

CAIRN_EACH_PROCESSOR void applyNesterov(std::int64_t count, float* __restrict p, const float* __restrict g,
                                        const float* __restrict buffer, SgdScalars s) {
  for (std::int64_t i = 0; i < count; ++i) p[i] -= s.lr * ((g[i] + s.weightDecay * p[i]) + s.momentum * buffer[i]);
}

CAIRN_EACH_PROCESSOR double sumOfSquares(const float* values, std::int64_t count) {
  constexpr std::int64_t kLanes = 8;
  std::array<double, kLanes> sums{};
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      const double value = values[i + lane];
      sums[static_cast<std::size_t>(lane)] += value * value;
    }
  for (; i < count; ++i) sums[0] += static_cast<double>(values[i]) * values[i];
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}

}  // namespace cairn::engine
