// The insides of a Job. Private to src/training.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/face/engine.h"
#include "storage/recorder.h"
#include "training/final_state_tap.h"
#include "training/job.h"
#include "training/new_run.h"
#include "training/recreation.h"

namespace cairn::training {

struct Job::Impl {
  explicit Impl(const storage::Home& place) : home(place) {}

  storage::Home home;
  core::RunRecord run;
  std::unique_ptr<storage::FileLock> lock;  ///< held as long as the job lives: nobody else trains this run
  engine::SessionOptions options;
  std::int64_t startStep = 0;
  std::vector<std::string> warnings;

  FinalStateTap tap;
  std::unique_ptr<storage::Recorder> recorder;  // one of the two, once started
  std::unique_ptr<Recreation> recreation;
  std::optional<Recreated> recreated;
  core::EventSink& sessionSink();

  /// A verb that came before the session was there waits here for it.
  void whenStarted(std::function<void(engine::Session&)> verb);
  void startSession();
  void makeDurable();
  void backUp();

  std::atomic<bool> givesUp{false};  ///< on what cannot be written

  std::mutex mutex;
  std::unique_ptr<engine::Session> session;                    // set once, guarded by mutex
  std::vector<std::function<void(engine::Session&)>> waiting;  // guarded by mutex
  std::jthread starter;  ///< loads the engine; last, so that it ends before what it uses
};

}  // namespace cairn::training
