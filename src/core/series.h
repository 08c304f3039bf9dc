// The names of what is measured while training, and one measured value.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cairn::core {

enum class Series : std::uint8_t { TrainLoss, TrainAccuracy, ValLoss, ValAccuracy, Lr, GradNorm, StepSeconds };
inline constexpr std::array kAllSeries = {Series::TrainLoss,   Series::TrainAccuracy, Series::ValLoss, Series::ValAccuracy,
                                          Series::Lr,          Series::GradNorm,      Series::StepSeconds};

std::string_view seriesName(Series series);  ///< "train/loss"
std::optional<Series> seriesFromName(std::string_view name);

struct MetricPoint {
  Series series = Series::TrainLoss;
  std::int64_t step = 0;   ///< the Nth optimizer update; the first is 1
  std::int64_t epoch = 0;  ///< epochs completed when it was measured
  double seconds = 0;      ///< of training, pauses not counted
  double value = 0;        ///< may be NaN or infinite
};

}  // namespace cairn::core
