// Passes events on and remembers how training ended.
#pragma once

#include <memory>
#include <mutex>

#include "core/events.h"

namespace cairn::training {

/// Thread-safe.
class FinalStateTap : public core::EventSink {
 public:
  void setDownstream(core::EventSink* sink) { downstream_ = sink; }  ///< before the first event

  void post(const core::Event& event) override {
    if (const auto* change = std::get_if<core::SessionStateChanged>(&event)) {
      const std::lock_guard lock(mutex_);
      last_ = *change;
    }
    if (downstream_) downstream_->post(event);
  }

  core::SessionStateChanged last() const {
    const std::lock_guard lock(mutex_);
    return last_;
  }

 private:
  core::EventSink* downstream_ = nullptr;
  mutable std::mutex mutex_;
  core::SessionStateChanged last_;  // guarded by mutex_
};

}  // namespace cairn::training
