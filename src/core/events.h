// What training and storage report: past facts, as values. They flow one way, from the session over the recorder to
// whoever shows them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/error.h"
#include "core/records.h"
#include "core/series.h"
#include "core/state_tree.h"

namespace cairn::core {

/// The data is read, the model is built, threads are chosen: training is about to begin (or to go on).
struct TrainingStarted {
  std::int64_t startStep = 0;      ///< steps already taken
  std::int64_t totalSteps = 0;
  std::int64_t stepsPerEpoch = 0;
  std::int64_t parameterCount = 0;
  std::int64_t stateBytes = 0;     ///< of one checkpoint, for "is there room"
  std::string device;              ///< "cpu", "cuda:0"
  int threads = 1;
  std::string dataFingerprint;
};

/// What is being done that is not a training step: for a progress bar with words.
struct PhaseProgress {
  std::string phase;  ///< "Reading digits.csv", "Choosing threads", "Validating"
  std::int64_t done = 0, total = 0;  ///< total 0: not known
};

/// Values in the order in which they were measured. The last batch of a step is posted before its checkpoint.
struct MetricsMeasured {
  std::vector<MetricPoint> points;
};

/// A snapshot to be stored: `state` is a whole checkpoint file's tree but for what storage adds (the state hash).
struct CheckpointTaken {
  CheckpointRecord record;  ///< id, run, step, epoch, kind, roles, loss, metrics, createdAt are set
  std::shared_ptr<const StateTree> state;
  double stallSeconds = 0;  ///< how long the training thread waited for the snapshot
};

/// A live change took effect: `event.step` is the first step that it affects.
struct SettingChanged {
  RunEvent event;
};

enum class SessionState {
  Idle,        ///< made, not started
  Preparing,   ///< reading data, building the model, choosing threads
  Training,
  Validating,
  Paused,      ///< by the person; the thread waits, a checkpoint was taken
  Stopped,     ///< by the person or by max_steps; a checkpoint was taken; final
  Completed,   ///< final
  Failed,      ///< final; see SessionStateChanged::error
};
bool isFinal(SessionState state);
std::string_view toText(SessionState state);

struct SessionStateChanged {
  SessionState state = SessionState::Idle;
  std::string reason;                  ///< "early stopping: ..." and the like; may be empty
  std::shared_ptr<const Error> error;  ///< set when Failed
  std::int64_t step = 0, epoch = 0;
};

/// Durable: file and row.
struct CheckpointStored {
  CheckpointRecord record;
};
/// Retention removed its file; the row stays as pruned.
struct CheckpointPruned {
  std::string checkpoint;  ///< id
};
/// Storage could not write; what it holds in memory is kept and tried again. `recovered` ends it.
struct StorageTrouble {
  std::shared_ptr<const Error> error;
  std::int64_t heldBytes = 0;
  bool waiting = false;    ///< the queue is full: training waits
  bool recovered = false;
};
/// Recorded steps were repeated after a crash and compared with the record.
struct StepsRepeated {
  ResumeCheck check;
  bool finished = false;  ///< all that was on record has been repeated
};

using Event = std::variant<TrainingStarted, PhaseProgress, MetricsMeasured, CheckpointTaken, SettingChanged,
                           SessionStateChanged, CheckpointStored, CheckpointPruned, StorageTrouble, StepsRepeated>;

/// Where events go. `post` may be called from any one thread at a time per sender.
class EventSink {
 public:
  virtual ~EventSink() = default;
  /// Must not block, except where a sink says that it pushes back.
  virtual void post(const Event& event) = 0;
};

}  // namespace cairn::core
