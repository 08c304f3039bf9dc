// One run from start to end: takes its lock, makes its row, and joins the engine's session to storage's recorder.
// Both programs train through it; it knows neither Qt nor torch.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/events.h"
#include "core/progress.h"
#include "core/records.h"
#include "storage/catalog.h"
#include "storage/home.h"

namespace cairn::training {

struct ResumeOptions {
  std::optional<std::int64_t> epochs, steps;  ///< raise the run's limit ("train longer")
  std::optional<std::int64_t> maxSteps;       ///< stop there as a pause would
  std::optional<core::DataSpec> data;         ///< the same data somewhere else
  bool acceptChangedData = false;             ///< go on although the data is not what it was
  core::Progress progress;                    ///< of looking at the data
};

struct RecreateOptions {
  std::optional<core::DataSpec> data;  ///< the same data somewhere else
  core::Progress progress;
};

/// A checkpoint that was made again.
struct Recreated {
  core::CheckpointRecord checkpoint;
  core::ResumeCheck check;           ///< the repeated steps beside the record
  std::vector<std::string> changes;  ///< what is not as it was where training set out: "threads: 1, now 2"
  std::optional<bool> sameState;     ///< as the state hash on record; nothing if none is
  bool wasThere = false;             ///< its file was there all along: nothing was written
};

struct BranchOptions {
  std::string name;                   ///< "": the parent's name and what changed
  std::optional<core::RunSpec> spec;  ///< absent: the parent's
  bool resetOptimizer = false;
  /// The lr to go on with, asked for by name: it holds though `spec` says what the parent's did. Absent: as `spec` says
  /// if that changed, else what the checkpoint had come to.
  std::optional<double> lr;
  std::optional<std::int64_t> maxSteps;
};

/// Make and destroy it on one thread; its verbs may be called on any while it lives, also during wait().
/// Events arrive at the sink on other threads.
class Job {
 public:
  /// A new run of `spec` (already valid). Inserts its row.
  static std::unique_ptr<Job> train(const storage::Home& home, core::RunSpec spec,
                                    std::optional<std::int64_t> maxSteps = {});
  /// Goes on with a run from its newest good checkpoint; a damaged one is marked so and passed over. With no
  /// checkpoint yet, from its step 0. Null: it is completed and nothing was asked for beyond. Throws Error if
  /// another process trains it; of code kDataMissing or kDataChanged, with nothing done yet, if its data is not there
  /// or not what it was. Reads the data, and loads the engine for it. Blocks.
  static std::unique_ptr<Job> resume(const storage::Home& home, const std::string& run,
                                     const ResumeOptions& options = {});
  static std::unique_ptr<Job> branch(const storage::Home& home, const std::string& checkpoint,
                                     const BranchOptions& options = {});
  /// Makes the checkpoint of a step that the run took, by training again from the nearest earlier one; what it measures
  /// is compared with the record, and nothing else of the run changes. recreated() has the result once it has
  /// completed. Errors as resume. Blocks.
  static std::unique_ptr<Job> recreate(const storage::Home& home, const std::string& run, std::int64_t step,
                                       const RecreateOptions& options = {});
  ~Job();  ///< Stops with a checkpoint if it still trains, and makes all durable. Blocks.

  const std::string& run() const;                     ///< id
  std::int64_t startStep() const;                     ///< of the checkpoint it goes on from; 0 without
  const std::optional<Recreated>& recreated() const;  ///< after wait()
  /// Damaged checkpoints that were passed over, ...; after wait() perhaps one more: why there is no backup.
  const std::vector<std::string>& warnings() const;

  /// Loads the engine if need be, then starts. Events go to `sink`, which outlives the job. Must not block for long:
  /// the engine is loaded and data read on the job's own threads.
  void start(core::EventSink& sink);

  void pause();
  void resumePaused();
  void stop();
  void giveUp();  ///< stops, and ends wait() though not all that storage holds could be written
  void checkpointNow();
  void setLr(double lr);
  core::SessionState state() const;

  /// Blocks until training has ended and all is durable: while the disk is full it waits for room, until giveUp().
  /// The final state; a failure is thrown as the Error it was.
  core::SessionState wait();

  struct Impl;

 private:
  explicit Job(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace cairn::training
