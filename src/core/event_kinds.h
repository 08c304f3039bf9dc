// The kinds of events on a run's record (RunEvent::kind), by the names that they have in the catalog. What a detail
// holds is JSON, and told where it is made.
#pragma once

namespace cairn::core {

inline constexpr const char* kLrEvent = "lr";                         ///< set while it trained
inline constexpr const char* kTrainLongerEvent = "train_longer";      ///< a limit raised
inline constexpr const char* kEarlyStoppingEvent = "early_stopping";  ///< it ended by itself
inline constexpr const char* kFailedEvent = "failed";
inline constexpr const char* kInterruptedEvent = "interrupted";  ///< its process was gone
inline constexpr const char* kResumedEvent = "resumed";
/// What it is computed with and on is not what the checkpoint was made with. Told before training begins; of a resume
/// it is kept in the event "resumed".
inline constexpr const char* kEnvironmentEvent = "environment";
inline constexpr const char* kDataMovedEvent = "data_moved";
inline constexpr const char* kDataChangedEvent = "data_changed";  ///< it went on, though the data are others
inline constexpr const char* kBranchedEvent = "branched";         ///< how a branch began
inline constexpr const char* kAveragedEvent = "averaged";  ///< how a run began that is the mean of others' checkpoints

}  // namespace cairn::core
