#include "ui/catalog_worker.h"

#include <algorithm>

#include "core/caught_error.h"
#include "core/progress.h"
#include "storage/rebuild.h"
#include "storage/recovery.h"

namespace cairn::ui {

namespace {
constexpr int kPollInterval = 300;      // milliseconds between looks at the data version
constexpr int kReadInterval = 250;      // milliseconds between reads at least
constexpr int kLockLookInterval = 2000;  // milliseconds, while a run is marked running
}  // namespace

void CatalogWorker::open() {
  if (!pollTimer_) {
    pollTimer_ = new QTimer(this);
    readTimer_ = new QTimer(this);
    readTimer_->setSingleShot(true);
    connect(pollTimer_, &QTimer::timeout, this, &CatalogWorker::poll);
    connect(readTimer_, &QTimer::timeout, this, &CatalogWorker::read);
  }
  pollTimer_->stop();  // of the catalog that was open before: there may be none when this fails
  readTimer_->stop();
  try {
    connectTo(storage::Catalog::Access::Write);
  } catch (...) {
    const auto error = caughtError("the catalog");
    // A home on a read-only mount can still be looked at; what else is wrong shows when that fails too.
    try {
      if (storage::needsRebuild(error)) throw Error(error);
      connectTo(storage::Catalog::Access::Read);
      Q_EMIT openedReadOnly(error);
    } catch (...) {
      Q_EMIT openFailed(error);
      return;
    }
  }
  if (!readOnly_) repair();
  Q_EMIT opened(readOnly_);
  read();
  pollTimer_->start(kPollInterval);
}

void CatalogWorker::connectTo(storage::Catalog::Access access) {
  catalog_.reset();
  known_.clear();
  catalog_.emplace(home_, access);
  readOnly_ = access == storage::Catalog::Access::Read;
}

void CatalogWorker::repair() {
  try {
    storage::repair(*catalog_, [this](std::string_view phase, std::int64_t done, std::int64_t total) {
      Q_EMIT repairProgressed(QString::fromUtf8(phase.data(), static_cast<qsizetype>(phase.size())), done, total);
      return true;
    });
  } catch (...) {
    Q_EMIT failed(caughtError("the catalog"));
  }
}

void CatalogWorker::letGo() {
  if (!catalog_) return;
  pollTimer_->stop();
  readTimer_->stop();
  catalog_.reset();
}

void CatalogWorker::close() {
  if (!catalog_) return;
  pollTimer_->stop();
  readTimer_->stop();
  try {
    if (!readOnly_) catalog_->backup();
  } catch (...) {
    // The backup is a spare: the catalog itself is whole, and nobody is there to be told any more.
  }
  catalog_.reset();
}

void CatalogWorker::poll() {
  if (!catalog_) return;
  try {
    const auto version = catalog_->dataVersion();
    const bool lookAtLocks = anyRunning_ && sinceRead_.elapsed() > kLockLookInterval;
    if (version != dataVersion_ || lookAtLocks) readSoon();
    dataVersion_ = version;
  } catch (...) {
    Q_EMIT failed(caughtError("the catalog"));
  }
}

void CatalogWorker::readSoon() {
  if (!catalog_ || readTimer_->isActive()) return;
  const auto passed = sinceRead_.isValid() ? sinceRead_.elapsed() : kReadInterval;
  readTimer_->start(static_cast<int>(std::max<qint64>(0, kReadInterval - passed)));
}

void CatalogWorker::read() {
  if (!catalog_) return;
  sinceRead_.start();
  try {
    auto snapshot = std::make_shared<HomeSnapshot>();
    dataVersion_ = catalog_->dataVersion();
    snapshot->runs = catalog_->runs();
    for (const auto& run : snapshot->runs) readRun(run, *snapshot);
    snapshot->checkpointBytes = catalog_->totalCheckpointBytes();
    snapshot->trashBytes = catalog_->totalTrashBytes();
    snapshot->freeBytes = static_cast<std::int64_t>(catalog_->files().freeBytes(home_.root()));
    snapshot->lastRecovery = catalog_->lastRecovery();
    anyRunning_ = std::any_of(snapshot->runs.begin(), snapshot->runs.end(),
                              [](const auto& run) { return run.status == core::RunStatus::Running; });
    Q_EMIT snapshotRead(std::move(snapshot));
  } catch (...) {
    Q_EMIT failed(caughtError("the catalog"));
  }
}

// What did not change since the last read is kept: a home of many runs costs a query or two each only once.
void CatalogWorker::readRun(const core::RunRecord& run, HomeSnapshot& into) {
  auto& known = known_[run.id];
  if (known.updatedAt.empty() || known.updatedAt != run.updatedAt) {
    known.events = catalog_->events(run.id);
    known.updatedAt = run.updatedAt;
  }
  if (!known.checkpoints || known.checkpointRevision != run.checkpointRevision) {
    known.checkpoints = std::make_shared<const std::vector<core::CheckpointRecord>>(catalog_->checkpoints(run.id));
    known.checkpointRevision = run.checkpointRevision;
  }
  for (const auto& event : known.events) into.events.emplace_back(run.id, event);
  if (!known.checkpoints->empty()) into.checkpoints.emplace_hint(into.checkpoints.end(), run.id, known.checkpoints);
}

}  // namespace cairn::ui
