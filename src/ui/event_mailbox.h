// Where a session's events wait for the GUI: coalesced by the sender's thread, read on the GUI thread about 30 times a
// second. What it drops (metrics beyond its bound) the GUI reads from the catalog.
#pragma once

#include <QObject>
#include <cstdint>
#include <mutex>
#include <vector>

#include "core/events.h"

namespace cairn::ui {

class EventMailbox : public QObject, public core::EventSink {
  Q_OBJECT

 public:
  explicit EventMailbox(QObject* parent = nullptr);
  ~EventMailbox() override;

  void post(const core::Event& event) override;  ///< any thread; must not block

  struct Delivery {
    std::vector<core::MetricPoint> points;  ///< in order
    bool pointsDropped = false;             ///< more came than the bound: read the catalog from the last known step on
    std::vector<core::Event> events;        ///< all but MetricsMeasured, in order; progress of a phase coalesced
  };
  Delivery take();  ///< GUI thread

 Q_SIGNALS:
  void ready();  ///< on the GUI thread, at most about 30 times a second
  void posted();  ///< to itself, on the sender's thread

 private:
  void keepPoints(const std::vector<core::MetricPoint>& points);  // with mutex_ held
  void keepEvent(const core::Event& event);                       // with mutex_ held
  void schedule();                                                // with mutex_ held
  void deliver();

  std::mutex mutex_;
  Delivery waiting_;        // guarded by mutex_
  bool scheduled_ = false;  // guarded by mutex_
};

}  // namespace cairn::ui
