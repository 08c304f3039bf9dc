// SIGINT, SIGTERM and SIGHUP as something to wait for, not to be struck by: blocked, and read from a file descriptor.
#pragma once

namespace cairn::cli {

/// Make it on the main thread before any other thread starts: they inherit the blocked signals.
class SignalWatch {
 public:
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  int descriptor() const { return descriptor_; }  ///< readable when a signal waits
  /// Takes a waiting signal; 0 if there is none. Must not block.
  int take();

 private:
  int descriptor_;
};

}  // namespace cairn::cli
