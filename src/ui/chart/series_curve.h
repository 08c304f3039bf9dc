// One series of one run in memory: steps, values and smoothed values, appended as they come. GUI thread.
#pragma once

#include <cstdint>
#include <vector>

#include "ui/chart/series_pyramid.h"
#include "ui/chart/smoother.h"
#include "ui/chart/step_index.h"

namespace cairn::ui {

class SeriesCurve {
 public:
  const StepIndex& steps() const { return steps_; }
  const SeriesPyramid& raw() const { return raw_; }
  /// As long as raw() but for points that wait for a smoothing being computed; raw() itself without smoothing.
  const SeriesPyramid& smooth() const { return weight_ > 0 ? smooth_ : raw_; }
  std::size_t size() const { return steps_.size(); }
  double smoothing() const { return weight_; }
  std::int64_t lastStep() const { return steps_.empty() ? 0 : steps_.last(); }

  enum class Added { New, Known, Replaced };
  /// A step on record again is dropped if its value is the same; if it differs, it and all later ones give way to it.
  Added add(std::int64_t step, double value);

  /// Computes anew; what is long is better done with smoothed() on another thread and handed to takeSmoothed().
  void setSmoothing(double weight);

  struct Smoothed {
    double weight = 0;
    std::uint64_t history = 0;
    SeriesPyramid pyramid;
    Smoother smoother{0};
  };
  /// Any thread.
  static Smoothed smoothed(const std::vector<float>& values, double weight, std::uint64_t history);
  /// False if history changed meanwhile: nothing is taken then.
  bool takeSmoothed(Smoothed done);
  std::uint64_t history() const { return history_; }  ///< changes when points that were there are not any more

 private:
  StepIndex steps_;
  SeriesPyramid raw_, smooth_;
  Smoother smoother_;
  double weight_ = 0;
  std::uint64_t history_ = 0;
};

}  // namespace cairn::ui
