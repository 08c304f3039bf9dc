// The one place of the window that trains: makes jobs, queues them (one trains at a time), passes a person's verbs on
// and tells what happened. GUI thread; the jobs' blocking parts run on a thread of their own.
#pragma once

#include <QObject>
#include <QThread>
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/run_spec.h"
#include "storage/home.h"
#include "training/job.h"
#include "ui/app/asked_job.h"
#include "ui/app/job_worker.h"
#include "ui/app/live_run.h"
#include "ui/app/side_work.h"
#include "ui/event_mailbox.h"

namespace cairn::ui {

class TrainingController : public QObject {
  Q_OBJECT

 public:
  explicit TrainingController(storage::Home home, QObject* parent = nullptr);
  ~TrainingController() override;  ///< Stops what trains, with a checkpoint. Blocks.

  // Each makes a run, or goes on with one: runQueued follows, or dataInQuestion, or startFailed.
  void start(core::RunSpec spec);
  void resume(const std::string& run, const training::ResumeOptions& options = {});
  void branch(const std::string& checkpoint, const training::BranchOptions& options);

  /// Makes a step of a run again, as soon as nothing trains: recreationEnded follows, or dataInQuestion, or startFailed.
  void recreate(const std::string& run, std::int64_t step, const training::RecreateOptions& options = {});
  void ask(AskedJob job);  ///< the same as resume() or recreate(), from what dataInQuestion told
  void cancelSideWork();

  // Verbs for the run that trains; nothing happens without one.
  void pause();
  void resumePaused();
  void stop();
  void checkpointNow();
  void setLr(double lr);

  void unqueue(const std::string& run);
  void shutDown();  ///< stops and unqueues all; becameIdle follows
  void stayUp();    ///< after shutDown(): what is asked for from now on is done again
  void giveUp();    ///< while a run that was stopped cannot be written: ends it as it is on disk

  const LiveRun& live() const { return live_; }
  const SideWork& sideWork() const { return sideWork_; }
  /// Anything trains or waits to; without, work beside training may still go on.
  bool trainsOrWaits() const { return !live_.run.empty() || !queue_.empty(); }
  bool onlyRecreates() const { return busy() && !trainsOrWaits() && asked_.empty(); }
  bool busy() const { return trainsOrWaits() || !asked_.empty() || !recreations_.empty() || recreating_; }
  bool takesUp(const std::string& run) const;  ///< trains it, or has it in the queue, or makes its job
  bool trains(const std::string& run) const { return live_.run == run && !run.empty(); }
  const std::vector<std::string>& queue() const { return queue_; }

 Q_SIGNALS:
  void runQueued(const std::string& run);  ///< it has its row; it trains at once if nothing else does
  void startFailed(const cairn::Error& error);
  /// The data is not where or not what it was (error.code()): nothing was done, and a person may ask again.
  void dataInQuestion(const cairn::ui::AskedJob& job, const cairn::Error& error);
  void sideWorkChanged();  ///< about 30 times a second at most
  /// `recreated` is null if it was cancelled or failed.
  void recreationEnded(const std::string& run, std::int64_t step, std::shared_ptr<const cairn::training::Recreated> recreated,
                       std::shared_ptr<const cairn::Error> error);
  void nothingToDo();  ///< the run was completed, and no more was asked for
  void warned(const QStringList& warnings);
  void liveChanged();  ///< state, phase or numbers of live(); about 30 times a second at most
  void metricsArrived(const std::string& run, const std::vector<cairn::core::MetricPoint>& points);
  void checkpointStored(const cairn::core::CheckpointRecord& record);
  void settingChanged(const std::string& run, const cairn::core::RunEvent& event);
  void storageTroubled(const cairn::core::StorageTrouble& trouble);
  void stepsRepeated(const std::string& run, const cairn::core::ResumeCheck& check, bool finished);
  /// All of it is durable.
  void runEnded(const std::string& run, cairn::core::SessionState state, std::shared_ptr<const cairn::Error> error);
  void runParked(const std::string& run);  ///< it was paused and made room for another
  void runUnqueued(const std::string& run);
  void becameIdle();

 private:
  struct Pending {
    AskedJob job;
    std::shared_ptr<std::atomic<bool>> cancelled = std::make_shared<std::atomic<bool>>(false);
  };
  struct Recreation {
    std::string run;
    std::int64_t step = 0;
  };
  void make(Pending pending, JobWorker::Make make);
  core::Progress lookProgress(const Pending& pending);
  AskedJob takeAnswered();
  bool recreates(const std::string& run) const;
  void onCreateFailed(const Error& error);
  void startRecreation();
  void onRecreationEnded(const std::shared_ptr<const Error>& error,
                         const std::shared_ptr<const training::Recreated>& recreated);
  void dropWaitingRecreation();
  void showSideWork();
  void onCreated(const std::string& run, const QStringList& warnings);
  void onFinished(const std::string& run, core::SessionState state, const std::shared_ptr<const Error>& error,
                  const std::shared_ptr<const training::Recreated>& recreated);
  void startNext();
  void deliver();
  void applyPoints(const std::vector<core::MetricPoint>& points);
  void applyEvent(const core::Event& event);
  void applyState(const core::SessionStateChanged& change);
  void tellJob(const std::function<void(training::Job&)>& verb);
  void onWorker(std::function<void(JobWorker&)> work);
  void settle();

  storage::Home home_;
  QThread thread_;
  JobWorker* worker_;  // lives on thread_
  EventMailbox mailbox_;
  LiveRun live_;
  SpeedMeter speed_;
  std::vector<std::string> queue_;  // runs that have a job, in the order in which they were asked for
  std::deque<Pending> asked_;       // jobs asked for and not yet made, in the order in which they are
  std::deque<Recreation> recreations_;   // they have a job, and wait for what trains
  std::optional<SideWork> recreating_;   // the one that is under way
  SideWork looking_;                     // at data, for the first of asked_
  SideWork sideWork_;                    // what of all that a person is told
  bool parking_ = false;            // the paused run is being stopped to make room
  bool shuttingDown_ = false;
};

}  // namespace cairn::ui
