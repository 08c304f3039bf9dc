#include "core/series.h"

namespace cairn::core {

std::string_view seriesName(Series series) {
  switch (series) {
    case Series::TrainLoss: return "train/loss";
    case Series::TrainAccuracy: return "train/accuracy";
    case Series::ValLoss: return "val/loss";
    case Series::ValAccuracy: return "val/accuracy";
    case Series::Lr: return "lr";
    case Series::GradNorm: return "grad_norm";
    case Series::StepSeconds: return "step_seconds";
  }
  return {};
}

std::optional<Series> seriesFromName(std::string_view name) {
  for (const Series series : kAllSeries)
    if (seriesName(series) == name) return series;
  return {};
}

}  // namespace cairn::core
