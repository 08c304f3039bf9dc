#include "storage/repeated_steps.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "core/text.h"

namespace cairn::storage {

namespace {

bool sameBits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

}  // namespace

RepeatedSteps::RepeatedSteps(Catalog& catalog, const std::string& run, std::int64_t startStep)
    : startStep_(startStep), lastStep_(startStep), step_(startStep) {
  for (const auto series : core::kAllSeries) {
    if (series == core::Series::StepSeconds) continue;  // a clock repeats nothing
    auto& column = recorded_[static_cast<std::size_t>(series)];
    column.data = catalog.metrics(run, series, true, startStep - 1);
    if (column.data.size() > 0) lastStep_ = std::max(lastStep_, column.data.step.back());
  }
  finished_ = lastStep_ == startStep_ && !hasStart(core::Series::ValLoss);
}

bool RepeatedSteps::hasStart(core::Series series) const {
  const auto& data = recorded_[static_cast<std::size_t>(series)].data;
  return data.size() > 0 && data.step.front() == startStep_;
}

void RepeatedSteps::enterStep(std::int64_t step) {
  closeStep();
  step_ = step;
  if (step > lastStep_) finished_ = true;
}

void RepeatedSteps::closeStep() {
  if (seen_) {
    ++check_.stepsRepeated;
    if (same_) ++check_.identical;
  }
  seen_ = false;
  same_ = true;
  skipped_.clear();
}

void RepeatedSteps::end() {
  if (step_ >= lastStep_) finished_ = true;
  closeStep();
}

void RepeatedSteps::differ(const core::MetricPoint& point, const std::string& how, Verdict& verdict) {
  same_ = false;
  if (differed_) return;
  differed_ = true;
  check_.firstDifference = fmt::format("step {}, {}: {}", point.step, core::seriesName(point.series), how);
  verdict.supersedeAfter = std::max(startStep_, point.step - 1);
  verdict.fresh.insert(verdict.fresh.end(), skipped_.begin(), skipped_.end());
  skipped_.clear();
}

void RepeatedSteps::differAt(const core::MetricPoint& point, double before, Verdict& verdict) {
  differ(point, fmt::format("{} on record, {} now", core::roundTrip(before), core::roundTrip(point.value)), verdict);
}

// Of the start itself only an interrupted validation is repeated. That it was is no repeated step; that it differs is one.
void RepeatedSteps::compareStart(const core::MetricPoint& point, Verdict& verdict) {
  if (finished_ || !hasStart(point.series)) {
    verdict.fresh.push_back(point);
  } else if (const double before = recorded_[static_cast<std::size_t>(point.series)].data.value.front();
             !sameBits(before, point.value)) {
    seen_ = true;
    differAt(point, before, verdict);
  }
}

void RepeatedSteps::compareOne(const core::MetricPoint& point, Verdict& verdict) {
  auto& [data, next] = recorded_[static_cast<std::size_t>(point.series)];
  if (next == 0 && hasStart(point.series)) ++next;
  while (next < data.size() && data.step[next] < point.step) {
    auto missed = point;
    missed.step = data.step[next];
    differ(missed, "on record, but not measured again", verdict);
    ++next;
  }
  if (next == data.size() || data.step[next] != point.step) {
    verdict.fresh.push_back(point);
    return;
  }
  const double before = data.value[next++];
  seen_ = true;
  if (!sameBits(before, point.value)) differAt(point, before, verdict);
  (differed_ ? verdict.fresh : skipped_).push_back(point);
}

RepeatedSteps::Verdict RepeatedSteps::compare(std::span<const core::MetricPoint> points) {
  Verdict verdict;
  for (const auto& point : points) {
    if (point.step > startStep_ && point.step != step_) enterStep(point.step);
    if (point.step == startStep_) {
      compareStart(point, verdict);
    } else if (finished_ || point.step < startStep_ || point.series == core::Series::StepSeconds) {
      verdict.fresh.push_back(point);
    } else {
      compareOne(point, verdict);
    }
  }
  return verdict;
}

}  // namespace cairn::storage
