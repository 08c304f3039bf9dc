#include "ui/chart/series_curve.h"

#include <cmath>

namespace cairn::ui {

namespace {
bool same(float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }
}  // namespace

SeriesCurve::Added SeriesCurve::add(std::int64_t step, double value) {
  const auto single = static_cast<float>(value);
  auto outcome = Added::New;
  if (!steps_.empty() && step <= steps_.last()) {
    const auto place = steps_.lowerBound(static_cast<double>(step));
    if (steps_.at(place) != step || same(raw_.at(place), single)) return Added::Known;
    steps_.truncate(place);
    raw_.truncate(place);
    ++history_;
    setSmoothing(weight_);
    outcome = Added::Replaced;
  }
  steps_.append(step);
  raw_.append(single);
  if (weight_ > 0) smooth_.append(smoother_.next(single));
  return outcome;
}

void SeriesCurve::setSmoothing(double weight) {
  weight_ = weight;
  smoother_ = Smoother(weight);
  smooth_ = {};
  if (weight_ <= 0) return;
  for (const float value : raw_.values()) smooth_.append(smoother_.next(value));
}

SeriesCurve::Smoothed SeriesCurve::smoothed(const std::vector<float>& values, double weight, std::uint64_t history) {
  Smoothed done{weight, history, {}, Smoother(weight)};
  for (const float value : values) done.pyramid.append(done.smoother.next(value));
  return done;
}

bool SeriesCurve::takeSmoothed(Smoothed done) {
  if (done.history != history_) return false;
  weight_ = done.weight;
  smooth_ = std::move(done.pyramid);
  smoother_ = done.smoother;
  for (auto place = smooth_.size(); place < raw_.size(); ++place) smooth_.append(smoother_.next(raw_.at(place)));
  return true;
}

}  // namespace cairn::ui
