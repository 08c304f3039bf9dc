// The SQLite catalog: runs, checkpoints, metrics and events. One object is one connection: use it on one thread, and
// open another for another thread. All SQL of the program stands behind this class.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/events.h"
#include "core/progress.h"
#include "core/records.h"
#include "core/series.h"
#include "storage/file_system.h"
#include "storage/home.h"
#include "storage/metric_chunk.h"

namespace cairn::storage {

inline constexpr int kTrashDays = 7;  ///< how long a file stays in the trash

/// What the trash holds.
struct TrashEntry {
  std::string checkpoint;
  std::filesystem::path path;
  std::int64_t bytes = 0;
  std::string deletedAt;
};

/// A run that lies in the trash as a whole.
struct TrashedRun {
  std::string id, name;
  std::int64_t checkpoints = 0;  ///< that went with it
  std::int64_t bytes = 0;        ///< of their files
  std::string deletedAt;         ///< theirs, too
};

/// One repair that was done (the `recoveries` table).
struct RecoveryReport {
  std::vector<std::string> interrupted;  ///< run ids
  std::vector<std::string> adopted;      ///< checkpoint ids: whole files that had no row
  std::vector<std::string> quarantined;  ///< paths set aside
  std::vector<std::string> missing;      ///< checkpoint ids
  std::vector<std::string> damaged;      ///< checkpoint ids
  std::string at;                        ///< ISO 8601, UTC; "" if there never was one
  bool empty() const;
};

/// (step, value) means, ascending.
struct SeriesOutline {
  std::vector<std::pair<double, double>> points;
};

class Catalog {
 public:
  enum class Access {
    Write,  ///< makes the home and migrates if needed; WAL and synchronous=FULL, checked
    Read,   ///< changes nothing; also on a read-only mount; throws if there is no catalog
  };
  /// Throws Error: not SQLite, from a newer version, not writable, not there.
  Catalog(const Home& home, Access access, FileSystem& files = FileSystem::posix());
  ~Catalog();
  Catalog(Catalog&&) noexcept;

  const Home& home() const;
  FileSystem& files() const;

  /// All writes of `work` in one transaction: all of them or, when it throws, none.
  void inTransaction(const std::function<void()>& work);

  // --- runs. A run marked running whose lock is free reads as interrupted.
  void insertRun(const core::RunRecord& run);
  void setStatus(const std::string& run, core::RunStatus status, const std::string& failure = {});
  /// Does nothing unless the run's status is `from`: for what became of a run that another process may have taken up since.
  void changeStatus(const std::string& run, core::RunStatus from, core::RunStatus to);
  void setPlan(const std::string& run, std::int64_t totalSteps, const std::string& device, int threads);
  /// The newest on record: it never goes back.
  void setProgress(const std::string& run, std::int64_t step, std::int64_t epoch);
  void setBest(const std::string& run, const core::BestValue& best);
  void setSpec(const std::string& run, const core::RunSpec& spec);
  void setResumeCheck(const std::string& run, const core::ResumeCheck& check);
  std::vector<core::RunRecord> runs();     ///< oldest first, without those that were deleted
  std::vector<core::RunRecord> allRuns();  ///< with them: for who looks after the files
  core::RunRecord run(const std::string& id);
  /// By id, unambiguous prefix of an id, or name (the newest of that name that was not deleted). Throws Error of kind Failed.
  core::RunRecord findRun(const std::string& reference);

  // --- checkpoints
  /// `id`, prefix, or RUN@STEP, RUN@latest, RUN@best; of two at a step, the newest that is ready.
  core::CheckpointRecord findCheckpoint(const std::string& reference);
  core::CheckpointRecord checkpoint(const std::string& id);
  /// Of one run, ascending by step, at a step the oldest first; of all runs (""), the oldest first.
  std::vector<core::CheckpointRecord> checkpoints(const std::string& run = {});
  std::optional<core::CheckpointRecord> newestReady(const std::string& run);
  std::vector<core::CheckpointRecord> readyAt(const std::string& run, std::int64_t step);  ///< oldest first
  std::optional<std::string> checkpointAtPath(const std::filesystem::path& path);  ///< the id of that file's row
  std::set<std::string> filesOnRecord(const std::string& run);  ///< names of the files that its rows speak of
  bool hasRun(const std::string& id);
  bool hasCheckpoint(const std::string& id);
  /// Its file is durable by now; a pruned or missing one's row is ready again. Role "best" moves to the monitor's best.
  void insertCheckpoint(const core::CheckpointRecord& checkpoint);
  void addRoles(const std::string& id, const std::set<std::string>& roles);
  void setCheckpointState(const std::string& id, core::CheckpointState state);
  void setVerified(const std::string& id, const std::string& at);
  /// In one transaction: which files retention removes now (marked pruned and committed); finishFiles() then unlinks
  /// them.
  std::vector<core::CheckpointRecord> pruneByPolicy(const std::string& run, const core::CheckpointSpec& policy);
  /// The same of `chosen` ones alone: what somebody saw before.
  std::vector<core::CheckpointRecord> pruneByPolicy(const std::string& run, const core::CheckpointSpec& policy,
                                                    const std::set<std::string>& chosen);
  /// What it would remove; changes nothing.
  std::vector<core::CheckpointRecord> prunableBy(const std::string& run, const core::CheckpointSpec& policy);
  /// Of checkpoints `queued` to be stored, oldest first: the ids of those that retention would remove once all are.
  /// Never the last of them; never one whose step others are at: it may be the same state.
  std::set<std::string> leavingAmong(const std::string& run, std::span<const core::CheckpointRecord* const> queued,
                                     const core::CheckpointSpec& policy);
  /// Does what rows say is still to be done with files (unlink, into the trash, back from it), then clears the mark.
  /// Of one run, or of all (""). Blocks.
  void finishFiles(const std::string& run);

  // --- metrics and events
  /// Ascending by step within a series. A point that is not after the newest on record is left out: history stays.
  void appendMetrics(const std::string& run, std::span<const core::MetricPoint> points);
  /// Ascending by step, a step once; `own` false puts the parents' part (up to the branch step) before it.
  SeriesData metrics(const std::string& run, core::Series series, bool own = true, std::int64_t afterStep = 0);
  /// The course of a run's own series in about so many means, for a small picture: of a long series only stretches that
  /// lie evenly over it are read.
  SeriesOutline outline(const std::string& run, core::Series series, std::size_t points);
  std::vector<core::Series> seriesOf(const std::string& run);
  /// Marks what is on record after `step` as superseded: repeated steps differed.
  void supersedeMetrics(const std::string& run, std::int64_t afterStep);
  void appendEvent(const std::string& run, const core::RunEvent& event);
  std::vector<core::RunEvent> events(const std::string& run);

  // --- curation. `reference`d by id.
  void setRunNote(const std::string& run, const std::string& note);
  void setCheckpointNote(const std::string& checkpoint, const std::string& note);
  void setRunTags(const std::string& run, const std::vector<std::string>& tags);
  void setCheckpointTags(const std::string& checkpoint, const std::vector<std::string>& tags);
  void setPinned(const std::string& checkpoint, bool pinned);
  void renameRun(const std::string& run, const std::string& name);
  void setRunColor(const std::string& run, std::optional<int> color);  ///< of the palette; absent: by its place again
  void setRunHidden(const std::string& run, bool hidden);
  /// Into the trash: row first, then the file. Refuses a branch's parent, and the last good one of a run unless
  /// `evenLastGood`: somebody was asked.
  void deleteCheckpoint(const std::string& checkpoint, bool evenLastGood = false);
  void undeleteCheckpoint(const std::string& checkpoint);
  /// Into the trash as a whole; what branches begin from stays in its place. Takes the run's lock; refuses one that waits for
  /// its turn. Blocks.
  void deleteRun(const std::string& run);
  void undeleteRun(const std::string& run);
  bool isDeleted(const std::string& run);
  std::vector<TrashedRun> trashedRuns();  ///< the oldest deletion first
  std::vector<TrashEntry> trash();  ///< files, those of deleted runs among them
  /// Bytes freed; expired: after kTrashDays. A deleted run's metrics go too, unless a branch shows them as its own past.
  std::int64_t emptyTrash(bool onlyExpired = false);

  // --- the whole
  std::int64_t dataVersion();  ///< changes when another connection committed (PRAGMA data_version)
  std::int64_t totalCheckpointBytes();
  /// To catalog.backup.sqlite, by SQLite's own backup; the old one stays until the new one is proved sound. False: another
  /// process is making one. Throws Error, the old one kept: no room, or the catalog is damaged.
  bool backup();
  bool backUpDaily();  ///< backup() if there is none of the last 24 hours
  void removeHalfBackups();  ///< what a crash left of them, and of a rebuild
  /// What is wrong with it, reading every page and row: "" if nothing is. Blocks; for large homes seconds.
  std::string findDamage(const core::Progress& progress = {});
  std::int64_t totalTrashBytes();
  RecoveryReport lastRecovery();
  void recordRecovery(const RecoveryReport& report);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cairn::storage
