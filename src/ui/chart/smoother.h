// An exponential moving average without the bias of its start, as TensorBoard draws it (Kingma and Ba's correction):
// a value that is not finite passes through and leaves the average as it was. A value.
#pragma once

#include <cmath>

namespace cairn::ui {

class Smoother {
 public:
  explicit Smoother(double weight = 0) : weight_(weight) {}  ///< 0 (as measured) to below 1

  float next(float value) {
    if (!std::isfinite(value)) return value;
    average_ = weight_ * average_ + (1 - weight_) * static_cast<double>(value);
    missing_ *= weight_;
    return static_cast<float>(average_ / (1 - missing_));
  }

 private:
  double weight_;
  double average_ = 0;
  double missing_ = 1;  ///< weight to the power of the values taken
};

}  // namespace cairn::ui
