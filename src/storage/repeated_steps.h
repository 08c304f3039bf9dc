// Compares steps that are taken again after a crash with what was recorded of them, value by value. For one thread.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/catalog.h"

namespace cairn::storage {

class RepeatedSteps {
 public:
  /// Reads what `run` has on record from `startStep` on, whose validation may be repeated: all series but the clock's.
  RepeatedSteps(Catalog& catalog, const std::string& run, std::int64_t startStep);

  struct Verdict {
    std::vector<core::MetricPoint> fresh;         ///< to be written: not on record, or no longer as it is
    std::optional<std::int64_t> supersedeAfter;   ///< set once, at the first difference: before `fresh` is written
  };
  /// Points in the order in which they were measured.
  Verdict compare(std::span<const core::MetricPoint> points);
  /// Training has ended: the step in progress is whole.
  void end();

  const core::ResumeCheck& check() const { return check_; }
  bool finished() const { return finished_; }  ///< all that was on record has been repeated

 private:
  struct Column {
    SeriesData data;
    std::size_t next = 0;
  };
  bool hasStart(core::Series series) const;  ///< the start itself is on record
  void enterStep(std::int64_t step);
  void closeStep();
  void compareStart(const core::MetricPoint& point, Verdict& verdict);
  void compareOne(const core::MetricPoint& point, Verdict& verdict);
  void differ(const core::MetricPoint& point, const std::string& how, Verdict& verdict);
  void differAt(const core::MetricPoint& point, double before, Verdict& verdict);

  std::int64_t startStep_, lastStep_;
  std::array<Column, core::kAllSeries.size()> recorded_;
  core::ResumeCheck check_;
  std::int64_t step_;                       // in progress
  bool seen_ = false, same_ = true;         // something of it was on record; all of that is equal
  std::vector<core::MetricPoint> skipped_;  // of it: equal, so not written, unless the step turns out to differ
  bool differed_ = false, finished_ = false;
};

}  // namespace cairn::storage
