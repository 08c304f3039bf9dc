#include "cli/progress_printer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <utility>

#include "core/event_kinds.h"
#include "core/run_history.h"
#include "core/text.h"

namespace cairn::cli {

namespace {

constexpr auto kInterval = std::chrono::milliseconds(100);
constexpr double kSpeedSeconds = 1.0;  // over which the speed is measured

std::string metricText(const std::map<core::Series, double>& values, core::Series series, const char* label) {
  const auto found = values.find(series);
  return found == values.end() ? "" : fmt::format("  {} {:.4g}", label, found->second);
}

}  // namespace

std::string progressBar(double share, int width) {
  const auto full = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * width));
  return "[" + std::string(static_cast<std::size_t>(full), '#') +
         std::string(static_cast<std::size_t>(width - full), ' ') + "]";
}

ProgressPrinter::ProgressPrinter() : printer_([this](std::stop_token stop) { printAll(stop); }) {}

ProgressPrinter::~ProgressPrinter() {
  printer_.request_stop();
  printer_.join();
}

void ProgressPrinter::post(const core::Event& event) {
  const std::lock_guard lock(mutex_);
  std::visit([this](const auto& fact) { apply(fact); }, event);
}

std::optional<core::ResumeCheck> ProgressPrinter::resumeCheck() const {
  const std::lock_guard lock(mutex_);
  return check_;
}

void ProgressPrinter::apply(const core::TrainingStarted& event) {
  state_.training = true;
  state_.phase.clear();
  state_.step = event.startStep;
  state_.totalSteps = event.totalSteps;
  state_.lines.push_back(fmt::format("{} parameters on {} ({} thread{}), {} steps, {} an epoch{}; a checkpoint takes {}",
                                     core::withThousands(event.parameterCount), event.device, event.threads,
                                     event.threads == 1 ? "" : "s", core::withThousands(event.totalSteps),
                                     core::withThousands(event.stepsPerEpoch),
                                     event.startStep > 0 ? fmt::format(", from step {}", event.startStep) : "",
                                     core::humanBytes(event.stateBytes)));
}

void ProgressPrinter::apply(const core::PhaseProgress& event) {
  state_.phase = event.phase;
  state_.phaseDone = event.done;
  state_.phaseTotal = event.total;
}

void ProgressPrinter::apply(const core::MetricsMeasured& event) {
  for (const auto& point : event.points) {
    state_.values[point.series] = point.value;
    state_.step = std::max(state_.step, point.step);
    state_.epoch = std::max(state_.epoch, point.epoch);
  }
}

void ProgressPrinter::apply(const core::SettingChanged& event) {
  if (event.event.kind == core::kEnvironmentEvent) {
    changes_ = core::changesOf(event.event);
    state_.lines.push_back(fmt::format("since the checkpoint: {}", fmt::join(changes_, "; ")));
    return;
  }
  state_.lines.push_back(fmt::format("step {}: {} {}", event.event.step, event.event.kind, event.event.detail));
}

void ProgressPrinter::apply(const core::SessionStateChanged& event) {
  state_.step = std::max(state_.step, event.step);
  state_.epoch = std::max(state_.epoch, event.epoch);
  state_.phase.clear();
  if (event.state == core::SessionState::Stopped || event.state == core::SessionState::Completed)
    state_.lines.push_back(
        fmt::format("{} at step {}, epoch {}{}", core::toText(event.state), event.step, event.epoch,
                    event.reason.empty() || event.reason == core::toText(event.state) ? "" : ": " + event.reason));
}

void ProgressPrinter::apply(const core::CheckpointStored& event) { state_.savedStep = event.record.step; }

void ProgressPrinter::apply(const core::StorageTrouble& event) {
  // It is tried again and again: one line tells that it failed, another that it is over.
  const bool known = std::exchange(troubled_, !event.recovered) && !event.waiting;
  if (event.recovered)
    state_.lines.emplace_back("checkpoints can be written again");
  else if (event.error && !known)
    state_.lines.push_back(fmt::format("{}{} ({} kept in memory)", event.error->what(),
                                       event.waiting ? "; training waits" : "", core::humanBytes(event.heldBytes)));
}

void ProgressPrinter::tellTroubleAgain() {
  const std::lock_guard lock(mutex_);
  troubled_ = false;
}

void ProgressPrinter::apply(const core::StepsRepeated& event) {
  const bool known = check_ && !check_->firstDifference.empty();
  check_ = event.check;
  if (!known && !event.check.firstDifference.empty()) tellDifference(event.check);
  if (event.finished && event.check.stepsRepeated > 0)
    state_.lines.push_back(
        fmt::format("{} of {} repeated steps identical", event.check.identical, event.check.stepsRepeated));
}

// At once: whoever watches may want to stop here.
void ProgressPrinter::tellDifference(const core::ResumeCheck& check) {
  state_.lines.push_back(fmt::format("cairnctl: a repeated step differs: {}", check.firstDifference));
  state_.lines.push_back(changes_.empty()
                             ? "cairnctl: nothing is known to have changed since the checkpoint"
                             : fmt::format("cairnctl: since the checkpoint: {}", fmt::join(changes_, "; ")));
}

void ProgressPrinter::printAll(std::stop_token stop) {
  std::mutex waiting;
  std::condition_variable_any wake;
  while (!stop.stop_requested()) {
    std::unique_lock lock(waiting);
    wake.wait_for(lock, stop, kInterval, [] { return false; });
    printOnce();
  }
  printOnce();  // what came while the last line was written
}

void ProgressPrinter::printOnce() {
  State now;
  {
    const std::lock_guard lock(mutex_);
    now = state_;
    state_.lines.clear();
  }
  for (const auto& line : now.lines) status_.keep(line);
  measureSpeed(now.step);
  status_.show(lineOf(now));
}

void ProgressPrinter::measureSpeed(std::int64_t step) {
  const auto time = std::chrono::steady_clock::now();
  const double passed = std::chrono::duration<double>(time - speedTime_).count();
  if (speedStep_ >= 0 && passed < kSpeedSeconds) return;
  if (speedStep_ >= 0) stepsPerSecond_ = static_cast<double>(step - speedStep_) / passed;
  speedStep_ = step;
  speedTime_ = time;
}

std::string ProgressPrinter::lineOf(const State& state) {
  if (!state.training) {
    if (state.phaseTotal <= 0) return state.phase + " …";
    return fmt::format("{} … {} %", state.phase, state.phaseDone * 100 / state.phaseTotal);
  }
  const double share =
      state.totalSteps > 0 ? static_cast<double>(state.step) / static_cast<double>(state.totalSteps) : 0;
  std::string text = status_.live() ? progressBar(share, 10) + " " : "";
  text += fmt::format("{:.0f} %  step {}/{}", share * 100, state.step, state.totalSteps);
  // What matters most comes first: a narrow terminal cuts the rest.
  if (stepsPerSecond_ > 0)
    text += fmt::format("  {:.{}f} steps/s  ETA {}", stepsPerSecond_, stepsPerSecond_ < 10 ? 1 : 0,
                        core::humanDuration(static_cast<double>(state.totalSteps - state.step) / stepsPerSecond_));
  text += metricText(state.values, core::Series::TrainLoss, "loss") +
          metricText(state.values, core::Series::ValLoss, "val") +
          metricText(state.values, core::Series::ValAccuracy, "acc");
  text += fmt::format("  epoch {}", state.epoch);
  if (state.savedStep >= 0) text += fmt::format("  saved {}", state.savedStep);
  if (!state.phase.empty()) text += "  " + state.phase;
  return text;
}

}  // namespace cairn::cli
