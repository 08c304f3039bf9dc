// The window's way to the catalog: reads and small commands on a thread of their own, answers on the GUI thread.
// It watches the catalog, so runs that another process trains show up live.
#pragma once

#include <QObject>
#include <functional>
#include <memory>

#include "core/error.h"
#include "core/series.h"
#include "storage/catalog.h"
#include "ui/home_snapshot.h"

namespace cairn::ui {

class CatalogClient : public QObject {
  Q_OBJECT

 public:
  explicit CatalogClient(const storage::Home& home, QObject* parent = nullptr);
  ~CatalogClient() override;

  /// The newest snapshot; never null (empty before the first read).
  HomeSnapshotPtr snapshot() const;
  /// Reads anew soon; many calls make one read. Must not block.
  void refresh();

  /// Runs `work` on the catalog thread, then `done` on the GUI thread unless `context` is gone by then.
  template <typename Result>
  void query(QObject* context, std::function<Result(storage::Catalog&)> work, std::function<void(Result)> done) {
    submit(context, [work = std::move(work), done = std::move(done)](storage::Catalog& catalog) -> std::function<void()> {
      auto result = std::make_shared<Result>(work(catalog));
      return [result, done] { done(std::move(*result)); };
    });
  }
  /// A small change (note, tag, pin, delete, ...); the snapshot is read anew afterwards. Failures: commandFailed.
  void command(std::function<void(storage::Catalog&)> work);

 Q_SIGNALS:
  void snapshotChanged();
  void commandFailed(const cairn::Error& error);

 private:
  using Work = std::function<std::function<void()>(storage::Catalog&)>;
  void submit(QObject* context, Work work);

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cairn::ui
