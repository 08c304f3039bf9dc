// What runs on the catalog thread: owns the one connection, watches it for commits of others, and reads snapshots.
// Catalog thread, but for what says otherwise.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <functional>
#include <map>
#include <optional>

#include "core/error.h"
#include "storage/catalog.h"
#include "ui/home_snapshot.h"

namespace cairn::ui {

class CatalogWorker : public QObject {
  Q_OBJECT

 public:
  explicit CatalogWorker(storage::Home home) : home_(std::move(home)) {}

  void open();
  void readSoon();  ///< at most a few reads a second
  void letGo();     ///< closes the connection, and leaves the home as it is
  void close();     ///< backs up and lets go of the connection
  /// Null while the home is not open.
  storage::Catalog* catalog() { return catalog_ ? &*catalog_ : nullptr; }
  void reportFailure(const Error& error) { Q_EMIT failed(error); }

 Q_SIGNALS:
  void opened(bool readOnly);
  void openFailed(const cairn::Error& error);
  void openedReadOnly(const cairn::Error& why);  ///< before opened(true)
  void repairProgressed(const QString& phase, qint64 done, qint64 total);
  void snapshotRead(cairn::ui::HomeSnapshotPtr snapshot);
  void failed(const cairn::Error& error);

 private:
  void connectTo(storage::Catalog::Access access);
  void repair();
  void poll();
  void read();
  void readRun(const core::RunRecord& run, HomeSnapshot& into);

  struct KnownRun {
    std::string updatedAt;  // of the run when its events were read; "" before
    std::vector<core::RunEvent> events;
    std::int64_t checkpointRevision = 0;  // of the run when its checkpoints were read
    CheckpointsPtr checkpoints;           // null before
  };

  storage::Home home_;
  std::optional<storage::Catalog> catalog_;
  bool readOnly_ = false;
  bool anyRunning_ = false;  // then a lock that came free must be noticed, though no commit tells it
  std::int64_t dataVersion_ = -1;
  std::map<std::string, KnownRun> known_;
  QTimer* pollTimer_ = nullptr;
  QTimer* readTimer_ = nullptr;
  QElapsedTimer sinceRead_;
};

}  // namespace cairn::ui
