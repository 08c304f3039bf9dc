#include "ui/event_mailbox.h"

#include <QTimer>
#include <utility>

namespace cairn::ui {

namespace {
constexpr int kDeliveryInterval = 33;          // milliseconds: about 30 deliveries a second
constexpr std::size_t kMostPoints = 64 * 1024;  // waiting; about 2 MB
}  // namespace

// By a signal, whose event Qt makes and reads itself: a functor of ours that goes from thread to thread with it would be a race
// to ThreadSanitizer, which does not see into Qt's queue.
EventMailbox::EventMailbox(QObject* parent) : QObject(parent) {
  connect(
      this, &EventMailbox::posted, this, [this] { QTimer::singleShot(kDeliveryInterval, this, &EventMailbox::deliver); },
      Qt::QueuedConnection);
}
EventMailbox::~EventMailbox() = default;

void EventMailbox::post(const core::Event& event) {
  const std::lock_guard lock(mutex_);
  if (const auto* measured = std::get_if<core::MetricsMeasured>(&event)) {
    keepPoints(measured->points);
  } else {
    keepEvent(event);
  }
  schedule();
}

EventMailbox::Delivery EventMailbox::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

// The newest points are what a live curve wants: of too many, all that wait are dropped and the rest is read later.
void EventMailbox::keepPoints(const std::vector<core::MetricPoint>& points) {
  if (waiting_.points.size() + points.size() > kMostPoints) {
    waiting_.points.clear();
    waiting_.pointsDropped = true;
  }
  const std::size_t skipped = points.size() > kMostPoints ? points.size() - kMostPoints : 0;
  waiting_.points.insert(waiting_.points.end(), points.begin() + static_cast<std::ptrdiff_t>(skipped), points.end());
}

void EventMailbox::keepEvent(const core::Event& event) {
  if (const auto* progress = std::get_if<core::PhaseProgress>(&event); progress && !waiting_.events.empty()) {
    auto* last = std::get_if<core::PhaseProgress>(&waiting_.events.back());
    if (last && last->phase == progress->phase) {
      *last = *progress;
      return;
    }
  }
  waiting_.events.push_back(event);
}

void EventMailbox::schedule() {
  if (scheduled_) return;
  scheduled_ = true;
  Q_EMIT posted();
}

void EventMailbox::deliver() {
  {
    const std::lock_guard lock(mutex_);
    scheduled_ = false;
  }
  Q_EMIT ready();
}

}  // namespace cairn::ui
