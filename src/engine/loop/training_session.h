// The Session behind the face: owns the training thread and hands it what people ask for.
// Methods may be called from any thread; only wait() and the destructor block.
#pragma once

#include <atomic>
#include <mutex>
#include <thread>

#include "engine/face/session.h"
#include "engine/loop/learner.h"
#include "engine/loop/mailbox.h"
#include "engine/loop/reporter.h"

namespace cairn::engine {

class TrainingSession final : public Session {
 public:
  explicit TrainingSession(SessionOptions options) : options_(std::move(options)) {}
  ~TrainingSession() override;

  void start(core::EventSink& sink) override;
  void pause() override { mailbox_.pause(); }
  void resume() override { mailbox_.resume(); }
  void stop() override { mailbox_.stop(); }
  void checkpointNow() override { mailbox_.checkpoint(); }
  void setLr(double lr) override;
  core::SessionState state() const override { return state_.load(std::memory_order_acquire); }
  void wait() override;

 private:
  void run(core::EventSink& sink);
  void train(Reporter& reporter);
  Learner prepare(Reporter& reporter);

  SessionOptions options_;
  Mailbox mailbox_;
  std::atomic<core::SessionState> state_{core::SessionState::Idle};
  std::int64_t step_ = 0, epoch_ = 0;  ///< of the last state; the training thread's
  std::mutex joining_;                 // guards thread_ while several wait
  std::jthread thread_;
};

}  // namespace cairn::engine
