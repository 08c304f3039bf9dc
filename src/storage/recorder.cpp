#include "storage/recorder.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "core/caught_error.h"
#include "storage/recorder_store.h"
#include "storage/room.h"

namespace cairn::storage {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kRetryInterval = std::chrono::seconds(2);

constexpr std::int64_t kSmall = 256;  // bytes of an event without what it carries

std::int64_t bytesOf(const core::Event& event) {
  if (const auto* measured = std::get_if<core::MetricsMeasured>(&event))
    return kSmall + static_cast<std::int64_t>(measured->points.size() * sizeof(core::MetricPoint));
  if (const auto* taken = std::get_if<core::CheckpointTaken>(&event); taken && taken->state)
    return kSmall + static_cast<std::int64_t>(core::tensorBytes(*taken->state));
  return kSmall;
}

/// Whether the store has something to do with it; the rest is only passed on.
bool isKept(const core::Event& event) { return !std::holds_alternative<core::PhaseProgress>(event); }

}  // namespace

struct Recorder::Impl {
  Impl(const Home& place, RecorderOptions asked, core::EventSink* sink, FileSystem& fileSystem)
      : home(place), options(std::move(asked)), downstream(sink), files(fileSystem), worker([this] { work(); }) {}

  struct Item {
    core::Event event;
    std::int64_t bytes = 0;
    Clock::time_point at;
  };

  const Home home;
  const RecorderOptions options;
  core::EventSink* const downstream;
  FileSystem& files;
  std::mutex downstreamMutex;  // two threads post, and a sink takes one at a time

  std::mutex mutex;  // guards all down to `ending`
  std::condition_variable wake, settled;
  std::deque<Item> queue;
  std::int64_t heldBytes = 0;   // queued, or taken in and not yet committed
  std::int64_t begun = 0, ended = 0;  // rounds of the worker
  std::shared_ptr<const Error> trouble;
  int flushing = 0;
  bool retryNow = false, ending = false;

  // The worker's own.
  std::unique_ptr<RecorderStore> store;
  std::int64_t takenBytes = 0;  // of heldBytes: no longer in the queue

  std::jthread worker;  // last: it ends before what it uses

  void announce(const core::Event& event) {
    if (!downstream) return;
    const std::lock_guard lock(downstreamMutex);
    downstream->post(event);
  }

  void enqueue(const core::Event& event);
  void work();
  void waitForWork(std::unique_lock<std::mutex>& lock);
  void round();
  void storeQueued();
  using Records = std::vector<const core::CheckpointRecord*>;
  Records queuedCheckpoints() const;  // under the mutex; valid while they are queued, and only the worker takes them out
  void releaseTaken();
  void fail(std::shared_ptr<const Error> error);
  void succeed();
};

void Recorder::Impl::enqueue(const core::Event& event) {
  const auto bytes = bytesOf(event);
  std::unique_lock lock(mutex);
  const auto hasRoom = [&] { return heldBytes == 0 || heldBytes + bytes <= options.queueLimit; };
  if (!hasRoom()) {
    auto why = trouble ? trouble
                       : std::make_shared<const Error>("storage", "the disk is slower than the training",
                                                       "training waits until it has caught up");
    core::StorageTrouble waiting{why, heldBytes, true, false};
    lock.unlock();
    announce(waiting);
    lock.lock();
    retryNow = true;
    wake.notify_one();
    settled.wait(lock, hasRoom);
    const core::StorageTrouble over{trouble ? trouble : why, heldBytes, false, trouble == nullptr};
    lock.unlock();
    announce(over);
    lock.lock();
  }
  queue.push_back({event, bytes, Clock::now()});
  heldBytes += bytes;
  wake.notify_one();
}

void Recorder::Impl::waitForWork(std::unique_lock<std::mutex>& lock) {
  const auto urged = [&] { return ending || retryNow; };
  if (trouble) {
    wake.wait_for(lock, kRetryInterval, urged);
  } else {
    const auto due = store ? store->commitDueAt() : std::nullopt;
    const auto ready = [&] { return urged() || flushing > 0 || !queue.empty(); };
    if (due) {
      wake.wait_until(lock, *due, ready);
    } else {
      wake.wait(lock, ready);
    }
  }
  retryNow = false;
}

void Recorder::Impl::work() {
  for (;;) {
    std::unique_lock lock(mutex);
    waitForWork(lock);
    ++begun;
    lock.unlock();
    round();
    lock.lock();
    ++ended;
    settled.notify_all();
    // With trouble this was the last try: who wanted to wait for room has called flush().
    if (ending && (trouble || heldBytes == 0)) break;
  }
  store.reset();
}

void Recorder::Impl::round() {
  try {
    if (!store) store = std::make_unique<RecorderStore>(home, options, files, [this](const core::Event& e) { announce(e); });
    storeQueued();
    succeed();
  } catch (...) {
    fail(std::make_shared<const Error>(caughtError("storing run " + options.run.name)));
  }
}

void Recorder::Impl::storeQueued() {
  std::unique_lock lock(mutex);
  while (!queue.empty()) {
    const Item& item = queue.front();  // stays where it is while others are added behind it
    const auto* checkpoint = std::get_if<core::CheckpointTaken>(&item.event);
    const auto ahead = checkpoint && store->wantsLookAhead() ? queuedCheckpoints() : Records{};
    lock.unlock();
    if (!ahead.empty()) store->lookAhead(ahead);
    store->take(item.event, item.at);
    lock.lock();
    // A checkpoint's state goes now, stored or not; its row and all else may wait for a commit.
    const auto stays = checkpoint ? kSmall : item.bytes;
    heldBytes -= item.bytes - stays;
    takenBytes += stays;
    queue.pop_front();
    settled.notify_all();
    lock.unlock();
    if (store->commitIsDue(Clock::now())) store->commit();
    releaseTaken();
    lock.lock();
  }
  const bool now = ending || flushing > 0;
  lock.unlock();
  if (now || store->commitIsDue(Clock::now())) store->commit();
  releaseTaken();
}

Recorder::Impl::Records Recorder::Impl::queuedCheckpoints() const {
  Records records;
  for (const auto& item : queue)
    if (const auto* taken = std::get_if<core::CheckpointTaken>(&item.event)) records.push_back(&taken->record);
  return records;
}

void Recorder::Impl::releaseTaken() {
  if (store->commitDueAt()) return;  // something still waits for its commit
  const std::lock_guard lock(mutex);
  heldBytes -= takenBytes;
  takenBytes = 0;
  settled.notify_all();
}

void Recorder::Impl::fail(std::shared_ptr<const Error> error) {
  std::unique_lock lock(mutex);
  const auto held = heldBytes;
  lock.unlock();
  if (isForLackOfRoom(*error)) error = std::make_shared<const Error>(withRoom(*error, files, home, held));
  lock.lock();
  trouble = error;
  lock.unlock();
  announce(core::StorageTrouble{std::move(error), held, false, false});
}

void Recorder::Impl::succeed() {
  std::unique_lock lock(mutex);
  if (!trouble) return;
  const auto over = std::move(trouble);
  trouble.reset();
  lock.unlock();
  announce(core::StorageTrouble{over, 0, false, true});
}

Recorder::Recorder(const Home& home, RecorderOptions options, core::EventSink* downstream, FileSystem& files)
    : impl_(std::make_unique<Impl>(home, std::move(options), downstream, files)) {}

Recorder::~Recorder() {
  const std::unique_lock lock(impl_->mutex);
  impl_->ending = true;
  impl_->wake.notify_one();
}

void Recorder::post(const core::Event& event) {
  const auto* taken = std::get_if<core::CheckpointTaken>(&event);
  impl_->announce(taken ? core::CheckpointTaken{taken->record, nullptr, taken->stallSeconds} : event);
  if (isKept(event)) impl_->enqueue(event);
}

void Recorder::flush() {
  std::unique_lock lock(impl_->mutex);
  // Not the round that is under way: it may have begun before the last post, and failed before the disk had room again.
  const auto own = impl_->begun + 1;
  ++impl_->flushing;
  impl_->retryNow = true;
  impl_->wake.notify_one();
  impl_->settled.wait(lock, [&] {
    return impl_->ended >= own && (impl_->trouble || (impl_->queue.empty() && impl_->heldBytes == 0));
  });
  --impl_->flushing;
  if (impl_->trouble) throw Error(*impl_->trouble);
}

}  // namespace cairn::storage
