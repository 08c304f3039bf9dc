#include "ui/catalog_client.h"

#include <QPointer>
#include <QThread>

#include "core/caught_error.h"
#include "ui/catalog_worker.h"

namespace cairn::ui {

struct CatalogClient::Impl {
  explicit Impl(const storage::Home& ofHome) : home(ofHome), worker(new CatalogWorker(ofHome)) {}

  storage::Home home;
  QThread thread;
  CatalogWorker* worker;  // lives on `thread`, deleted as it ends
  HomeSnapshotPtr snapshot = std::make_shared<HomeSnapshot>();
  bool loaded = false;
  bool readOnly = false;
};

CatalogClient::CatalogClient(const storage::Home& home, QObject* parent)
    : QObject(parent), impl_(std::make_unique<Impl>(home)) {
  auto* worker = impl_->worker;
  worker->moveToThread(&impl_->thread);
  connect(&impl_->thread, &QThread::finished, worker, &QObject::deleteLater);
  connect(worker, &CatalogWorker::opened, this, [this](bool readOnly) {
    impl_->readOnly = readOnly;
    Q_EMIT opened();
  });
  connect(worker, &CatalogWorker::openFailed, this, &CatalogClient::openFailed);
  connect(worker, &CatalogWorker::openedReadOnly, this, &CatalogClient::openedReadOnly);
  connect(worker, &CatalogWorker::repairProgressed, this, &CatalogClient::repairProgressed);
  connect(worker, &CatalogWorker::failed, this, &CatalogClient::commandFailed);
  connect(worker, &CatalogWorker::snapshotRead, this, [this](HomeSnapshotPtr snapshot) {
    impl_->snapshot = std::move(snapshot);
    impl_->loaded = true;
    Q_EMIT snapshotChanged();
  });
  impl_->thread.setObjectName(QStringLiteral("catalog"));
  impl_->thread.start();
  reopen();
}

CatalogClient::~CatalogClient() {
  auto* worker = impl_->worker;
  QMetaObject::invokeMethod(worker, [worker] { worker->close(); });
  QMetaObject::invokeMethod(worker, [thread = &impl_->thread] { thread->quit(); });
  impl_->thread.wait();
}

const storage::Home& CatalogClient::home() const { return impl_->home; }
HomeSnapshotPtr CatalogClient::snapshot() const { return impl_->snapshot; }
bool CatalogClient::loaded() const { return impl_->loaded; }
bool CatalogClient::readOnly() const { return impl_->readOnly; }

void CatalogClient::refresh() {
  auto* worker = impl_->worker;
  QMetaObject::invokeMethod(worker, [worker] { worker->readSoon(); });
}

void CatalogClient::reopen() {
  auto* worker = impl_->worker;
  QMetaObject::invokeMethod(worker, [worker] { worker->open(); });
}

void CatalogClient::letGo(QObject* context, std::function<void()> done) {
  auto* worker = impl_->worker;
  QMetaObject::invokeMethod(worker, [this, worker, target = QPointer<QObject>(context), done = std::move(done)] {
    worker->letGo();
    QMetaObject::invokeMethod(this, [target, done] { if (target) done(); }, Qt::QueuedConnection);
  });
}

void CatalogClient::command(std::function<void(storage::Catalog&)> work) {
  auto* worker = impl_->worker;
  submit(this, [worker, work = std::move(work)](storage::Catalog& catalog) -> std::function<void()> {
    work(catalog);
    worker->readSoon();
    return [] {};
  });
}

void CatalogClient::submit(QObject* context, Work work) {
  auto* worker = impl_->worker;
  QMetaObject::invokeMethod(worker, [this, worker, work = std::move(work), target = QPointer<QObject>(context)] {
    if (!worker->catalog()) return;
    try {
      auto done = work(*worker->catalog());
      // `this` outlives the catalog thread; whether `target` still lives is known on the GUI thread only.
      QMetaObject::invokeMethod(
          this, [target, done = std::move(done)] { if (target) done(); }, Qt::QueuedConnection);
    } catch (...) {
      worker->reportFailure(caughtError("the catalog"));
    }
  });
}

}  // namespace cairn::ui
