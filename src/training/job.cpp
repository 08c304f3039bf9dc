#include "training/job.h"

#include <chrono>
#include <thread>
#include <utility>

#include "core/caught_error.h"
#include "training/job_impl.h"

namespace cairn::training {

void Job::Impl::whenStarted(std::function<void(engine::Session&)> verb) {
  const std::lock_guard guard(mutex);
  if (session) {
    verb(*session);
  } else {
    waiting.push_back(std::move(verb));
  }
}

void Job::Impl::startSession() {
  auto made = engine::engine().createSession(std::move(options));
  const std::lock_guard guard(mutex);
  session = std::move(made);
  session->start(sessionSink());
  for (const auto& verb : waiting) verb(*session);
  waiting.clear();
}

core::EventSink& Job::Impl::sessionSink() {
  if (recorder) return *recorder;
  return *recreation;
}

void Job::Impl::makeDurable() {
  using namespace std::chrono_literals;
  for (;;) {
    try {
      return recorder->flush();
    } catch (const Error&) {
      // The recorder has told of it, and tries again by itself.
      if (givesUp) throw;
    }
    std::this_thread::sleep_for(1s);
  }
}

void Job::Impl::backUp() {
  try {
    storage::Catalog(home, storage::Catalog::Access::Write).backup();
  } catch (const Error& error) {
    // A spare: what was trained is durable without it.
    warnings.push_back(std::string("the catalog was not backed up: ") + error.what());
  }
}

Job::Job(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Job::~Job() {
  if (!impl_->recorder && !impl_->recreation) return;
  stop();
  if (impl_->starter.joinable()) impl_->starter.join();
  impl_->session.reset();
  impl_->recorder.reset();
}

const std::string& Job::run() const { return impl_->run.id; }
std::int64_t Job::startStep() const { return impl_->startStep; }
const std::vector<std::string>& Job::warnings() const { return impl_->warnings; }

const std::optional<Recreated>& Job::recreated() const { return impl_->recreated; }

void Job::start(core::EventSink& sink) {
  impl_->tap.setDownstream(&sink);
  if (const auto step = impl_->options.onlyAt) {
    impl_->recreation = std::make_unique<Recreation>(impl_->home, impl_->run, impl_->startStep, *step, impl_->tap);
  } else {
    impl_->recorder = std::make_unique<storage::Recorder>(
        impl_->home, storage::RecorderOptions{.run = impl_->run, .startStep = impl_->startStep}, &impl_->tap);
  }
  impl_->starter = std::jthread([impl = impl_.get()] {
    try {
      impl->startSession();
    } catch (...) {
      const auto error = std::make_shared<const Error>(caughtError("starting the training"));
      impl->sessionSink().post(core::SessionStateChanged{
          .state = core::SessionState::Failed, .reason = error->what(), .error = error, .step = impl->startStep});
    }
  });
}

void Job::pause() {
  impl_->whenStarted([](engine::Session& session) { session.pause(); });
}
void Job::resumePaused() {
  impl_->whenStarted([](engine::Session& session) { session.resume(); });
}
void Job::stop() {
  impl_->whenStarted([](engine::Session& session) { session.stop(); });
}
void Job::giveUp() {
  impl_->givesUp = true;
  stop();
}
void Job::checkpointNow() {
  impl_->whenStarted([](engine::Session& session) { session.checkpointNow(); });
}
void Job::setLr(double lr) {
  impl_->whenStarted([lr](engine::Session& session) { session.setLr(lr); });
}

core::SessionState Job::state() const { return impl_->tap.last().state; }

core::SessionState Job::wait() {
  if (impl_->starter.joinable()) impl_->starter.join();
  if (impl_->session) impl_->session->wait();
  const auto last = impl_->tap.last();
  if (impl_->recreation) {
    if (last.state == core::SessionState::Completed) impl_->recreated = impl_->recreation->store();
  } else {
    impl_->makeDurable();
  }
  impl_->backUp();
  if (last.state == core::SessionState::Failed && last.error) throw Error(*last.error);
  return last.state;
}

}  // namespace cairn::training
