// The plain loops over float memory that are a small model's whole update: compiled for each generation of vector
// units, chosen as the program starts, and without fused products, so that every processor gives the same bits.
// Torch-free. Pure functions of the memory they are given; any thread.
#pragma once

#include <cstdint>

namespace cairn::engine {

/// What one step of Adam is made of, as PyTorch computes it.
struct AdamScalars {
  float shrink;       ///< 1 - lr * weight_decay if decoupled, else 1
  float weightDecay;  ///< added to the gradient; 0 if decoupled
  float beta1, oneMinusBeta1, beta2, oneMinusBeta2;
  float stepSize, correction2Sqrt, eps;  ///< lr / (1 - beta1^t), sqrt(1 - beta2^t)
};
/// `mean` and `square` are the moments; none of the four overlap.
void adamUpdate(std::int64_t count, float* p, const float* g, float* mean, float* square, AdamScalars s);
void amsgradUpdate(std::int64_t count, float* p, const float* g, float* mean, float* square, float* maxSquare,
                   AdamScalars s);

struct SgdScalars {
  float lr, momentum, dampened, weightDecay;  ///< dampened: 1 - dampening
};
void sgdUpdate(std::int64_t count, float* p, const float* g, SgdScalars s);
/// The first update of a buffer takes the gradient as it is: no dampening.
void startMomentum(std::int64_t count, const float* p, const float* g, float* buffer, SgdScalars s);
void moveMomentum(std::int64_t count, const float* p, const float* g, float* buffer, SgdScalars s);
void applyMomentum(std::int64_t count, float* p, const float* buffer, SgdScalars s);
void applyNesterov(std::int64_t count, float* p, const float* g, const float* buffer, SgdScalars s);

/// Eight sums side by side, in double; their order is fixed, so that the result is.
double sumOfSquares(const float* values, std::int64_t count);

}  // namespace cairn::engine
