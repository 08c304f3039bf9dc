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
    jobs_[run] = std::move(job);
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
    jobs_.erase(run);
    Q_EMIT finished(run, core::SessionState::Failed, error);
  }
}

void JobWorker::finish(const std::string& run) {
  const auto job = jobs_.find(run);
  if (job == jobs_.end()) return;
  auto state = core::SessionState::Failed;
  std::shared_ptr<const Error> failure;
  try {
    state = job->second->wait();
  } catch (...) {
    failure = std::make_shared<const Error>(caughtError("the run"));
  }
  jobs_.erase(job);
  Q_EMIT finished(run, state, failure);
}

void JobWorker::discard(const std::string& run) {
  if (jobs_.erase(run) > 0) Q_EMIT discarded(run);
}

void JobWorker::apply(const std::string& run, const std::function<void(training::Job&)>& verb) {
  if (const auto job = jobs_.find(run); job != jobs_.end()) verb(*job->second);
}

void JobWorker::discardAll() { jobs_.clear(); }

}  // namespace cairn::ui
