#include "engine/loop/reporter.h"

#include <utility>

namespace cairn::engine {

namespace {

constexpr std::size_t kBuffer = 8192;     // points
constexpr std::size_t kPointsAStep = 16;  // more than a step and a validation measure
constexpr std::chrono::milliseconds kMetricsEvery{30};
constexpr std::chrono::milliseconds kProgressEvery{50};

}  // namespace

Reporter::Reporter(core::EventSink& sink, std::atomic<core::SessionState>& state)
    : sink_(sink), state_(state), postedAt_(Clock::now()) {
  metrics_.points.reserve(kBuffer);
}

void Reporter::postMetricsIfDue(Clock::time_point now) {
  if (now - postedAt_ < kMetricsEvery && metrics_.points.size() + kPointsAStep < kBuffer) return;
  postMetrics();
  postedAt_ = now;
}

void Reporter::postMetrics() {
  if (metrics_.points.empty()) return;
  core::Event event(std::move(metrics_));
  sink_.post(event);
  // The buffer comes back, so that the next points need no allocation.
  metrics_ = std::move(std::get<core::MetricsMeasured>(event));
  metrics_.points.clear();
}

void Reporter::post(const core::Event& event) {
  postMetrics();
  sink_.post(event);
}

void Reporter::enter(core::SessionState state, std::int64_t step, std::int64_t epoch, std::string reason,
                     std::shared_ptr<const Error> error) {
  state_.store(state, std::memory_order_release);
  post(core::SessionStateChanged{state, std::move(reason), std::move(error), step, epoch});
}

void Reporter::progress(std::string_view phase, std::int64_t done, std::int64_t total) {
  const auto now = Clock::now();
  if (now - progressedAt_ < kProgressEvery && done != total) return;
  progressedAt_ = now;
  post(core::PhaseProgress{std::string(phase), done, total});
}

}  // namespace cairn::engine
