// Makes, starts, awaits and destroys training jobs on a thread of their own, since each of these may block.
// Its methods run on that thread, but for what says otherwise; its signals are told to the GUI thread.
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/error.h"
#include "core/events.h"
#include "training/job.h"

namespace cairn::ui {

class JobWorker : public QObject {
  Q_OBJECT

 public:
  using Make = std::function<std::unique_ptr<training::Job>()>;

  void create(const Make& make);
  void start(const std::string& run, core::EventSink& sink);
  void finish(const std::string& run);   ///< waits until all is durable, and lets the job go
  void discard(const std::string& run);  ///< a job that was never started
  void drop(const std::string& run);     ///< the same, and nothing is told
  void discardAll();
  /// `verb`, which must not block, on the job of `run`, if it is still there. Any thread, and at once, whatever this one's is
  /// busy with: a run is paused though another's data is looked at.
  void apply(const std::string& run, const std::function<void(training::Job&)>& verb);

 Q_SIGNALS:
  void created(const std::string& run, const QStringList& warnings);
  void nothingToDo();  ///< a completed run was to be resumed
  void createFailed(const cairn::Error& error);
  /// `error` is null unless it failed; `recreated` unless that was the job's task and it came to it.
  void finished(const std::string& run, cairn::core::SessionState state, std::shared_ptr<const cairn::Error> error,
                std::shared_ptr<const cairn::training::Recreated> recreated);
  void discarded(const std::string& run);

 private:
  std::unique_ptr<training::Job> take(const std::string& run);

  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<training::Job>> jobs_;  // guarded by mutex_; changed on the worker's thread alone
};

}  // namespace cairn::ui
