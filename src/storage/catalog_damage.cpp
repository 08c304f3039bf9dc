// Whether the catalog is sound: every page, by SQLite's own check, and every row, by reading it as the program does.
#include <sqlite3.h>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "storage/catalog_impl.h"
#include "storage/rebuild.h"

namespace cairn::storage {

namespace {

constexpr const char* kPhase = "Checking the catalog";
constexpr const char* kCheckPages = "PRAGMA integrity_check(1)";
constexpr int kBetweenLooks = 1'000'000;  // of SQLite's own steps: a few milliseconds

/// Lets `progress` interrupt what SQLite does while this lives.
class Interruptible {
 public:
  Interruptible(sqlite3* connection, const core::Progress& progress) : connection_(connection), progress_(progress) {
    if (progress_) sqlite3_progress_handler(connection_, kBetweenLooks, &ask, this);
  }
  ~Interruptible() { sqlite3_progress_handler(connection_, 0, nullptr, nullptr); }
  bool stopped() const { return stopped_; }

 private:
  static int ask(void* self) {
    auto& me = *static_cast<Interruptible*>(self);
    me.stopped_ = me.stopped_ || !me.progress_(kPhase, 0, 0);
    return me.stopped_;
  }
  sqlite3* connection_;
  const core::Progress& progress_;
  bool stopped_ = false;
};

void readRun(Catalog& catalog, const core::RunRecord& run) {
  catalog.checkpoints(run.id);
  for (const auto& event : catalog.events(run.id))
    if (!nlohmann::json::accept(event.detail))
      throw damagedCatalog(catalog.home().catalog(), "an event of run " + run.id + " cannot be read");
  for (const auto series : catalog.seriesOf(run.id)) catalog.metrics(run.id, series);
}

void readRows(Catalog& catalog, const core::Progress& progress) {
  const auto runs = catalog.allRuns();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (progress && !progress(kPhase, static_cast<std::int64_t>(i), static_cast<std::int64_t>(runs.size())))
      throw Error::cancelled(kPhase);
    readRun(catalog, runs[i]);
  }
  catalog.lastRecovery();
}

}  // namespace

std::string Catalog::findDamage(const core::Progress& progress) {
  try {
    impl_->read([&] {
      const Interruptible watch(impl_->database->getHandle(), progress);
      try {
        const auto found = impl_->database->execAndGet(kCheckPages).getString();
        if (found != "ok") throw damagedCatalog(impl_->home.catalog(), found);
      } catch (const SQLite::Exception&) {
        if (watch.stopped()) throw Error::cancelled(kPhase);
        throw;
      }
    });
    readRows(*this, progress);
  } catch (const Error& error) {
    if (!needsRebuild(error)) throw;
    return error.why();
  }
  return {};
}

}  // namespace cairn::storage
