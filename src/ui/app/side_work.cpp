#include "ui/app/side_work.h"

#include <algorithm>

#include "ui/text.h"

namespace cairn::ui {

namespace {

bool applyEvent(const core::Event& event, SideWork& work) {
  if (const auto* started = std::get_if<core::TrainingStarted>(&event)) {
    work.startStep = started->startStep;
    work.phase.clear();
    work.done = 0;
    work.total = work.step - started->startStep;
  } else if (const auto* progress = std::get_if<core::PhaseProgress>(&event)) {
    if (work.startStep >= 0) return false;  // a validation among the steps
    work.phase = text(progress->phase);
    work.done = progress->done;
    work.total = progress->total;
  } else if (const auto* change = std::get_if<core::SessionStateChanged>(&event)) {
    return core::isFinal(change->state);
  }
  return false;
}

}  // namespace

bool apply(const EventMailbox::Delivery& delivery, SideWork& work) {
  bool ended = false;
  for (const auto& event : delivery.events) ended = applyEvent(event, work) || ended;
  if (!delivery.points.empty() && work.startStep >= 0) {
    work.done = std::max(work.done, delivery.points.back().step - work.startStep);
  }
  return ended;
}

}  // namespace cairn::ui
