// What a person asked of a session, on its way to the training thread. Any thread may ask; the training thread takes
// what is there between two steps, and looks with one atomic read.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace cairn::engine {

struct Commands {
  bool stop = false;
  bool pause = false;  ///< holds until resume() takes it back
  bool checkpoint = false;
  std::optional<double> lr;
};

class Mailbox {
 public:
  void stop() {
    change([](Commands& c) { c.stop = true; });
  }
  void pause() {
    change([](Commands& c) { c.pause = true; });
  }
  void resume() {
    change([](Commands& c) { c.pause = false; });
  }
  void checkpoint() {
    change([](Commands& c) { c.checkpoint = true; });
  }
  void setLr(double lr) {
    change([lr](Commands& c) { c.lr = lr; });
  }

  /// Whether take() would give anything. Must not block.
  bool pending() const { return pending_.load(std::memory_order_acquire); }
  /// Whether what is being done should be broken off. Must not block but for a short lock while something is pending.
  bool interrupting() const {
    if (!pending()) return false;
    const std::lock_guard lock(mutex_);
    return commands_.stop || commands_.pause;
  }
  bool stopping() const {
    if (!pending()) return false;
    const std::lock_guard lock(mutex_);
    return commands_.stop;
  }

  /// Takes all that was asked; a stop or a pause stays until it is done with.
  Commands take() {
    const std::lock_guard lock(mutex_);
    const Commands taken = commands_;
    commands_.checkpoint = false;
    commands_.lr.reset();
    pending_.store(taken.stop || taken.pause, std::memory_order_release);
    return taken;
  }

  /// Blocks while a pause holds and nothing else is asked.
  void waitWhilePaused() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !commands_.pause || commands_.stop || commands_.checkpoint || commands_.lr; });
  }

 private:
  template <typename Change>
  void change(Change&& apply) {
    {
      const std::lock_guard lock(mutex_);
      apply(commands_);
      pending_.store(true, std::memory_order_release);
    }
    changed_.notify_one();
  }

  mutable std::mutex mutex_;  // guards commands_, and orders the writes of pending_
  std::condition_variable changed_;
  Commands commands_;
  std::atomic<bool> pending_{false};
};

}  // namespace cairn::engine
