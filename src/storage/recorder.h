// Keeps what a session reports: a thread that writes metrics and checkpoint files, in order, and never drops one.
#pragma once

#include <memory>
#include <string>

#include "core/events.h"
#include "storage/file_system.h"
#include "storage/home.h"

namespace cairn::storage {

struct RecorderOptions {
  core::RunRecord run;                     ///< as in the catalog; its lock is held by the caller
  std::int64_t startStep = 0;              ///< of the checkpoint that training goes on from: later steps on record
                                           ///< are compared with what comes, not written twice
  std::int64_t queueLimit = 256 << 20;     ///< bytes; post() of more waits
};

/// An EventSink that stores, and passes every event on to `downstream` with its own (CheckpointStored,
/// CheckpointPruned, StorageTrouble, StepsRepeated) among them; a CheckpointTaken is passed on without its state.
/// post() takes a short lock; it blocks only while the queue is over its limit.
class Recorder : public core::EventSink {
 public:
  /// Opens a catalog connection of its own, on its own thread. `downstream` may be null, and outlives the recorder.
  Recorder(const Home& home, RecorderOptions options, core::EventSink* downstream,
           FileSystem& files = FileSystem::posix());
  ~Recorder() override;  ///< drains, then ends. Blocks.

  void post(const core::Event& event) override;
  /// Blocks until all that was posted is durable, or could not be: then throws the Error that stands in the way.
  void flush();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cairn::storage
