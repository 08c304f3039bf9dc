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
  /// Opens the home and repairs it on the catalog thread: opened or openFailed follows. A home that cannot be written
  /// is opened to read.
  explicit CatalogClient(const storage::Home& home, QObject* parent = nullptr);
  ~CatalogClient() override;  ///< Finishes what was asked, and backs the catalog up. Blocks.

  const storage::Home& home() const;
  /// The newest snapshot; never null (empty before the first read).
  HomeSnapshotPtr snapshot() const;
  /// Whether a snapshot was read yet.
  bool loaded() const;
  bool readOnly() const;
  /// Reads anew soon; many calls make one read. Must not block.
  void refresh();
  /// Tries again to open a home after openFailed.
  void reopen();
  /// Closes the connection, so that others can move the catalog; `done` on the GUI thread unless `context` is gone by then.
  void letGo(QObject* context, std::function<void()> done);

  /// Runs `work` on the catalog thread, then `done` on the GUI thread unless `context` is gone by then. If `work`
  /// throws, or the home is not open, `done` is not called; a throw is told by commandFailed.
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
  void opened();
  void openFailed(const cairn::Error& error);
  void openedReadOnly(const cairn::Error& why);  ///< why it could not be opened to write; opened() follows
  /// The repair at the start; total 0: not known.
  void repairProgressed(const QString& phase, qint64 done, qint64 total);
  void snapshotChanged();
  void commandFailed(const cairn::Error& error);

 private:
  using Work = std::function<std::function<void()>(storage::Catalog&)>;
  void submit(QObject* context, Work work);

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cairn::ui
