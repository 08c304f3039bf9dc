#include "ui/app/job_worker.h"

#include "core/caught_error.h"
#include "ui/text.h"

namespace cairn::ui {

void JobWorker::create(const Make& make) {
  try {
    auto job = make();
    if (!job) {
      Q_EMIT nothingToDo();
      return;
    }
    QStringList warnings;
    for (const auto& warning : job->warnings()) warnings << text(warning);
    const auto run = job->run();
    {
      const std::lock_guard lock(mutex_);
      jobs_[run] = std::move(job);
    }
    Q_EMIT created(run, warnings);
  } catch (...) {
    Q_EMIT createFailed(caughtError("the run"));
  }
}

void JobWorker::start(const std::string& run, core::EventSink& sink) {
  try {
    jobs_.at(run)->start(sink);
  } catch (...) {
    const auto error = std::make_shared<const Error>(caughtError("the run"));
    take(run);
    Q_EMIT finished(run, core::SessionState::Failed, error, nullptr);
  }
}

void JobWorker::finish(const std::string& run) {
  const auto at = jobs_.find(run);
  if (at == jobs_.end()) return;
  auto state = core::SessionState::Failed;
  std::shared_ptr<const Error> failure;
  std::shared_ptr<const training::Recreated> recreated;
  try {
    state = at->second->wait();
    if (at->second->recreated()) recreated = std::make_shared<const training::Recreated>(*at->second->recreated());
  } catch (...) {
    failure = std::make_shared<const Error>(caughtError("the run"));
  }
  take(run);
  Q_EMIT finished(run, state, failure, recreated);
}

// The caller lets go of it: a job's end may block, and must not do so with the mutex held.
std::unique_ptr<training::Job> JobWorker::take(const std::string& run) {
  const std::lock_guard lock(mutex_);
  const auto at = jobs_.find(run);
  if (at == jobs_.end()) return nullptr;
  auto job = std::move(at->second);
  jobs_.erase(at);
  return job;
}

void JobWorker::discard(const std::string& run) {
  if (take(run)) Q_EMIT discarded(run);
}

void JobWorker::drop(const std::string& run) { take(run); }

void JobWorker::discardAll() {
  std::map<std::string, std::unique_ptr<training::Job>> gone;
  const std::lock_guard lock(mutex_);
  gone.swap(jobs_);
}

void JobWorker::apply(const std::string& run, const std::function<void(training::Job&)>& verb) {
  const std::lock_guard lock(mutex_);
  if (const auto job = jobs_.find(run); job != jobs_.end()) verb(*job->second);
}

}  // namespace cairn::ui
