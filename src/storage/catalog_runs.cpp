// Runs: rows in and out, and what a person may call one.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/catalog_impl.h"

namespace cairn::storage {

namespace {

constexpr const char* kInsert =
    "INSERT INTO runs(id, name, status, step, total_steps, epoch, parent_checkpoint, parent_run, parent_step, created_at,"
    " updated_at, spec, device, threads, failure, note, tags) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
#define CAIRN_RUN_COLUMNS                                                                                             \
  "SELECT r.id, r.name, r.status, r.step, r.total_steps, r.epoch, r.parent_checkpoint, r.parent_run, r.parent_step,"  \
  " r.created_at, r.updated_at, r.spec, r.device, r.threads, r.best_step, r.best_metric, r.best_value,"               \
  " r.steps_repeated, r.steps_identical, r.first_difference, r.failure, r.note, r.tags,"                              \
  " (SELECT COALESCE(SUM(c.bytes), 0) FROM checkpoints c WHERE c.run = r.id AND c.state = 'ready'),"                    \
  " r.checkpoint_revision, r.color, r.hidden FROM runs r "
constexpr const char* kAll = CAIRN_RUN_COLUMNS "ORDER BY r.number";
constexpr const char* kPresent = CAIRN_RUN_COLUMNS "WHERE r.deleted_at = '' ORDER BY r.number";
constexpr const char* kById = CAIRN_RUN_COLUMNS "WHERE r.id = ?";
#undef CAIRN_RUN_COLUMNS
constexpr const char* kIdByName = "SELECT id FROM runs WHERE name = ? AND deleted_at = '' ORDER BY number DESC LIMIT 1";
constexpr const char* kIdsByPrefix = "SELECT id FROM runs WHERE id >= ? AND id < ? AND deleted_at = '' LIMIT 2";
constexpr const char* kSetStatus = "UPDATE runs SET status = ?, failure = ?, updated_at = ? WHERE id = ?";
constexpr const char* kChangeStatus = "UPDATE runs SET status = ?, updated_at = ? WHERE id = ? AND status = ?";
constexpr const char* kSetPlan = "UPDATE runs SET total_steps = ?, device = ?, threads = ? WHERE id = ?";
constexpr const char* kSetProgress =
    "UPDATE runs SET step = MAX(step, ?), epoch = MAX(epoch, ?), updated_at = ? WHERE id = ?";
constexpr const char* kSetBest = "UPDATE runs SET best_step = ?, best_metric = ?, best_value = ? WHERE id = ?";
constexpr const char* kSetSpec = "UPDATE runs SET spec = ?, updated_at = ? WHERE id = ?";
constexpr const char* kSetCheck =
    "UPDATE runs SET steps_repeated = ?, steps_identical = ?, first_difference = ? WHERE id = ?";
constexpr const char* kTouch = "UPDATE runs SET updated_at = ? WHERE id = ?";
constexpr char kAfterHex = 'g';  // greater than any hex digit

[[noreturn]] void noSuchRun(const std::string& reference) {
  throw Error("run " + reference, "there is none of that id or name", "cairnctl runs lists them");
}

void requireChanged(int rows, const std::string& run) {
  if (rows == 0) noSuchRun(run);
}

}  // namespace

const core::RunSpec& Catalog::Impl::specOf(const std::string& run, const std::string& text) {
  auto& known = specs[run];
  if (known.text == text) return known.spec;
  try {
    known = {text, core::parseRunSpec(nlohmann::json::parse(text), home.root())};
  } catch (const std::exception& error) {
    throw damagedCatalog(home.catalog(), fmt::format("the spec of run {} cannot be read ({})", run, error.what()));
  }
  return known.spec;
}

core::RunRecord Catalog::Impl::readRun(Query& row) {
  core::RunRecord run;
  run.id = row.text(0);
  run.name = row.text(1);
  run.status = core::runStatusFromText(row.text(2)).value_or(core::RunStatus::Failed);
  if (run.status == core::RunStatus::Running && !files.isLocked(home.runLock(run.id)))
    run.status = core::RunStatus::Interrupted;
  run.step = row.integer(3);
  run.totalSteps = row.integer(4);
  run.epoch = row.integer(5);
  run.parentCheckpoint = row.text(6);
  run.parentRun = row.text(7);
  run.parentStep = row.integer(8);
  run.createdAt = row.text(9);
  run.updatedAt = row.text(10);
  run.spec = specOf(run.id, row.text(11));
  run.device = row.text(12);
  run.threads = static_cast<int>(row.integer(13));
  if (!row.isNull(14)) run.best = core::BestValue{row.integer(14), row.text(15), *row.real(16)};
  if (!row.isNull(17)) run.resumeCheck = core::ResumeCheck{row.integer(17), row.integer(18), row.text(19)};
  run.failure = row.text(20);
  run.note = row.text(21);
  run.tags = splitText(row.text(22), '\n');
  run.checkpointBytes = row.integer(23);
  run.checkpointRevision = row.integer(24);
  if (!row.isNull(25)) run.color = static_cast<int>(row.integer(25));
  run.hidden = row.integer(26) != 0;
  return run;
}

void Catalog::Impl::touch(const std::string& run) { Query(prepared(kTouch)).with(core::nowIso8601(), run).run(); }

void Catalog::insertRun(const core::RunRecord& run) {
  impl_->write([&] {
    const auto now = core::nowIso8601();
    Query(impl_->prepared(kInsert))
        .with(run.id, run.name, core::toText(run.status), run.step, run.totalSteps, run.epoch, run.parentCheckpoint,
              run.parentRun, run.parentStep, run.createdAt.empty() ? now : run.createdAt,
              run.updatedAt.empty() ? now : run.updatedAt, core::toJson(run.spec).dump(), run.device, run.threads,
              run.failure, run.note, joinText(run.tags, '\n'))
        .run();
    if (run.best) setBest(run.id, *run.best);
  });
}

void Catalog::setStatus(const std::string& run, core::RunStatus status, const std::string& failure) {
  impl_->write([&] {
    requireChanged(Query(impl_->prepared(kSetStatus)).with(core::toText(status), failure, core::nowIso8601(), run).run(), run);
  });
}

void Catalog::changeStatus(const std::string& run, core::RunStatus from, core::RunStatus to) {
  impl_->write([&] {
    Query(impl_->prepared(kChangeStatus)).with(core::toText(to), core::nowIso8601(), run, core::toText(from)).run();
  });
}

void Catalog::setPlan(const std::string& run, std::int64_t totalSteps, const std::string& device, int threads) {
  impl_->write([&] { requireChanged(Query(impl_->prepared(kSetPlan)).with(totalSteps, device, threads, run).run(), run); });
}

void Catalog::setProgress(const std::string& run, std::int64_t step, std::int64_t epoch) {
  impl_->write([&] {
    requireChanged(Query(impl_->prepared(kSetProgress)).with(step, epoch, core::nowIso8601(), run).run(), run);
  });
}

void Catalog::setBest(const std::string& run, const core::BestValue& best) {
  impl_->write([&] {
    requireChanged(Query(impl_->prepared(kSetBest)).with(best.step, best.metric, best.value, run).run(), run);
  });
}

void Catalog::setSpec(const std::string& run, const core::RunSpec& spec) {
  impl_->write([&] {
    requireChanged(Query(impl_->prepared(kSetSpec)).with(core::toJson(spec).dump(), core::nowIso8601(), run).run(), run);
  });
}

void Catalog::setResumeCheck(const std::string& run, const core::ResumeCheck& check) {
  impl_->write([&] {
    requireChanged(
        Query(impl_->prepared(kSetCheck)).with(check.stepsRepeated, check.identical, check.firstDifference, run).run(), run);
  });
}

std::vector<core::RunRecord> Catalog::Impl::readRuns(const char* query) {
  return read([&] {
    std::vector<core::RunRecord> all;
    Query row(prepared(query));
    while (row.next()) all.push_back(readRun(row));
    return all;
  });
}

std::vector<core::RunRecord> Catalog::runs() { return impl_->readRuns(kPresent); }
std::vector<core::RunRecord> Catalog::allRuns() { return impl_->readRuns(kAll); }

bool Catalog::hasRun(const std::string& id) {
  return impl_->read([&] { return Query(impl_->prepared(kById)).with(id).next(); });
}

core::RunRecord Catalog::run(const std::string& id) {
  return impl_->read([&] {
    Query row(impl_->prepared(kById));
    if (!row.with(id).next()) noSuchRun(id);
    return impl_->readRun(row);
  });
}

// A name comes before a prefix: who calls a run "a" means it, not an id that happens to begin so.
core::RunRecord Catalog::findRun(const std::string& reference) {
  const auto id = impl_->read([&]() -> std::string {
    if (Query row(impl_->prepared(kById)); row.with(reference).next()) return reference;
    if (Query row(impl_->prepared(kIdByName)); row.with(reference).next()) return row.text(0);
    Query row(impl_->prepared(kIdsByPrefix));
    if (reference.empty() || !row.with(reference, reference + kAfterHex).next()) noSuchRun(reference);
    auto found = row.text(0);
    if (row.next())
      throw Error("run " + reference, "the ids of several runs begin so", "give more of its digits, or its name");
    return found;
  });
  return run(id);
}

}  // namespace cairn::storage
