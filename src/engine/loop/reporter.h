// What a session says while it trains: metrics gathered into a buffer and posted many at a time, states and progress as
// they come. On the training thread alone.
#pragma once

#include <atomic>
#include <chrono>
#include <string>

#include "core/events.h"

namespace cairn::engine {

class Reporter {
 public:
  using Clock = std::chrono::steady_clock;

  /// `state` is what Session::state() reads.
  Reporter(core::EventSink& sink, std::atomic<core::SessionState>& state);

  /// No lock and no allocation.
  void measured(const core::MetricPoint& point) { metrics_.points.push_back(point); }
  /// Posts the metrics if the last post is some 30 ms ago or the buffer is nearly full.
  void postMetricsIfDue(Clock::time_point now);
  void postMetrics();
  /// Metrics first, so that whoever reads sees them in order.
  void post(const core::Event& event);
  void enter(core::SessionState state, std::int64_t step, std::int64_t epoch, std::string reason = {},
             std::shared_ptr<const Error> error = {});
  /// At most some 20 a second, and the last of a phase always.
  void progress(std::string_view phase, std::int64_t done, std::int64_t total);

 private:
  core::EventSink& sink_;
  std::atomic<core::SessionState>& state_;
  core::MetricsMeasured metrics_;
  Clock::time_point postedAt_, progressedAt_;
};

}  // namespace cairn::engine
