// Checkpoints: rows in and out, and what a person may call one.
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "core/error.h"
#include "core/text.h"
#include "storage/catalog_impl.h"

namespace cairn::storage {

namespace {

constexpr const char* kInsert =
    "INSERT INTO checkpoints(id, run, step, epoch, kind, roles, best, monitored, loss, metrics, path, bytes, hash,"
    " file_hash, pinned, note, tags, created_at, verified_at, state, save_seconds, parents)"
    " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
#define CAIRN_CHECKPOINT_COLUMNS                                                                                  \
  "SELECT c.id, c.run, c.step, c.epoch, c.kind, c.roles, c.best,"                                                 \
  " EXISTS(SELECT 1 FROM runs r WHERE r.parent_checkpoint <> '' AND r.parent_checkpoint = c.id"                   \
  " AND (r.deleted_at = '' OR r.in_trash = 1)), c.loss,"                                                          \
  " c.metrics, c.path, c.bytes, c.hash, c.file_hash, c.pinned, c.note, c.tags, c.created_at, c.verified_at,"      \
  " c.state, c.save_seconds, c.monitored, c.parents FROM checkpoints c "
constexpr const char* kAll = CAIRN_CHECKPOINT_COLUMNS "ORDER BY c.number";
constexpr const char* kOfRun = CAIRN_CHECKPOINT_COLUMNS "WHERE c.run = ? ORDER BY c.step, c.number";
constexpr const char* kById = CAIRN_CHECKPOINT_COLUMNS "WHERE c.id = ?";
constexpr const char* kNewestReady =
    CAIRN_CHECKPOINT_COLUMNS "WHERE c.run = ? AND c.state = 'ready' ORDER BY c.step DESC, c.number DESC LIMIT 1";
constexpr const char* kBest = CAIRN_CHECKPOINT_COLUMNS "WHERE c.run = ? AND c.best = 1 AND c.state = 'ready'";
constexpr const char* kAtStep = CAIRN_CHECKPOINT_COLUMNS
    "WHERE c.run = ? AND c.step = ? ORDER BY c.state = 'ready' DESC, c.number DESC LIMIT 1";
constexpr const char* kReadyAt =
    CAIRN_CHECKPOINT_COLUMNS "WHERE c.run = ? AND c.step = ? AND c.state = 'ready' ORDER BY c.number";
#undef CAIRN_CHECKPOINT_COLUMNS
constexpr const char* kIdsByPrefix = "SELECT id FROM checkpoints WHERE id >= ? AND id < ? LIMIT 2";
constexpr const char* kIdByPath = "SELECT id FROM checkpoints WHERE path = ? LIMIT 1";
constexpr const char* kIsGone = "SELECT 1 FROM checkpoints WHERE id = ? AND state IN ('pruned', 'missing')";
constexpr const char* kBringBack =
    "UPDATE checkpoints SET state = 'ready', pending = '', kind = ?, roles = ?, path = ?, bytes = ?, file_hash = ?,"
    " verified_at = '' WHERE id = ?";
constexpr const char* kPathsOfRun = "SELECT path FROM checkpoints WHERE run = ?";
constexpr const char* kHas = "SELECT 1 FROM checkpoints WHERE id = ?";
constexpr const char* kBestOfRun = "SELECT best_value FROM runs WHERE id = ? AND best_metric = ?";
constexpr const char* kSpecOfRun = "SELECT spec FROM runs WHERE id = ?";
constexpr const char* kSetState = "UPDATE checkpoints SET state = ? WHERE id = ?";
constexpr const char* kSetRoles = "UPDATE checkpoints SET roles = ? WHERE id = ?";
constexpr const char* kSetVerified = "UPDATE checkpoints SET verified_at = ? WHERE id = ?";
constexpr const char* kIsParent =
    "SELECT 1 FROM runs WHERE parent_checkpoint <> '' AND parent_checkpoint = ? AND (deleted_at = '' OR in_trash = 1)";
constexpr const char* kClearBest = "UPDATE checkpoints SET best = 0 WHERE run = ? AND best = 1 AND id <> ?";
constexpr const char* kMakeBest = "UPDATE checkpoints SET best = 1 WHERE id = ?";
constexpr const char* kMonitored =
    "SELECT id, monitored FROM checkpoints WHERE run = ? AND state = 'ready' AND monitored IS NOT NULL"
    " ORDER BY step, number";
constexpr std::string_view kBestRole = "best", kBranchRole = "branch";
constexpr char kAfterHex = 'g';

[[noreturn]] void noSuchCheckpoint(const std::string& reference, const std::string& why = "there is none of that id") {
  throw Error("checkpoint " + reference, why, "cairnctl checkpoints lists them");
}

std::string metricsText(const std::map<std::string, double>& metrics) {
  std::string text;
  for (const auto& [name, value] : metrics) text += name + ' ' + core::roundTrip(value) + '\n';
  return text;
}

std::map<std::string, double> metricsFromText(std::string_view text) {
  std::map<std::string, double> metrics;
  for (std::size_t at = 0; at < text.size();) {
    const auto space = text.find(' ', at), end = text.find('\n', at);
    if (space == std::string_view::npos || end == std::string_view::npos) break;
    double value = 0;
    std::from_chars(text.data() + space + 1, text.data() + end, value);
    metrics.emplace_hint(metrics.end(), text.substr(at, space - at), value);
    at = end + 1;
  }
  return metrics;
}

// "best" and "branch" follow from other rows and are not stored.
std::string rolesText(std::set<std::string> roles) {
  roles.erase(std::string(kBestRole));
  roles.erase(std::string(kBranchRole));
  return joinText({roles.begin(), roles.end()}, ',');
}

}  // namespace

core::CheckpointRecord Catalog::Impl::readCheckpointRow(Query& row) {
  core::CheckpointRecord record;
  record.id = row.text(0);
  record.run = row.text(1);
  record.step = row.integer(2);
  record.epoch = row.integer(3);
  record.kind = core::checkpointKindFromText(row.text(4)).value_or(core::CheckpointKind::Manual);
  for (auto& role : splitText(row.text(5), ',')) record.roles.insert(std::move(role));
  if (row.integer(6) != 0) record.roles.emplace(kBestRole);
  if (row.integer(7) != 0) record.roles.emplace(kBranchRole);
  record.loss = row.real(8);
  record.metrics = metricsFromText(row.text(9));
  record.path = absolute(row.text(10)).string();
  record.bytes = row.integer(11);
  record.hash = row.text(12);
  record.fileHash = row.text(13);
  record.pinned = row.integer(14) != 0;
  record.note = row.text(15);
  record.tags = splitText(row.text(16), '\n');
  record.createdAt = row.text(17);
  record.verifiedAt = row.text(18);
  record.state = core::checkpointStateFromText(row.text(19)).value_or(core::CheckpointState::Damaged);
  record.saveSeconds = row.real(20).value_or(0);
  record.monitored = row.real(21);
  record.parents = splitText(row.text(22), ',');
  return record;
}

std::optional<core::CheckpointRecord> Catalog::Impl::checkpointById(const std::string& id) {
  Query row(prepared(kById));
  if (!row.with(id).next()) return {};
  return readCheckpointRow(row);
}

core::CheckpointRecord Catalog::Impl::requireCheckpoint(const std::string& id) {
  auto record = checkpointById(id);
  if (!record) noSuchCheckpoint(id);
  return *std::move(record);
}

bool Catalog::Impl::isParent(const std::string& checkpoint) {
  return Query(prepared(kIsParent)).with(checkpoint).next();
}

Monitor Catalog::Impl::monitorOfRun(const std::string& run) {
  Query row(prepared(kSpecOfRun));
  if (!row.with(run).next()) throw Error("run " + run, "it is not on record");
  const auto& spec = specOf(run, row.text(0));
  return monitorOf(spec, spec.checkpoints);
}

void Catalog::Impl::moveBestRole(const std::string& run) {
  const auto monitor = monitorOfRun(run);
  std::string best;
  double value = 0;
  {
    Query row(prepared(kMonitored));
    row.with(run);
    while (row.next()) {
      const double candidate = *row.real(1);
      // The first of equals stays the best: its value was measured at its own step.
      if (best.empty() || monitor.better(candidate, value)) {
        best = row.text(0);
        value = candidate;
      }
    }
  }
  if (best.empty()) return;
  Query(prepared(kClearBest)).with(run, best).run();
  Query(prepared(kMakeBest)).with(best).run();
}

std::optional<double> Catalog::Impl::bestOf(const std::string& run, const std::string& metric) {
  Query row(prepared(kBestOfRun));
  return row.with(run, metric).next() ? row.real(0) : std::nullopt;
}

void Catalog::Impl::bringBack(const core::CheckpointRecord& checkpoint) {
  auto roles = requireCheckpoint(checkpoint.id).roles;
  roles.insert(checkpoint.roles.begin(), checkpoint.roles.end());
  Query(prepared(kBringBack))
      .with(core::toText(checkpoint.kind), rolesText(roles), relative(checkpoint.path), checkpoint.bytes,
            checkpoint.fileHash, checkpoint.id)
      .run();
  moveBestRole(checkpoint.run);
  touch(checkpoint.run);
}

void Catalog::insertCheckpoint(const core::CheckpointRecord& checkpoint) {
  impl_->write([&] {
    if (Query(impl_->prepared(kIsGone)).with(checkpoint.id).next()) return impl_->bringBack(checkpoint);
    const auto monitor = impl_->monitorOfRun(checkpoint.run);
    auto roles = checkpoint.roles;
    roles.emplace(core::toText(checkpoint.kind));
    const bool best = roles.contains(std::string(kBestRole));
    if (best) Query(impl_->prepared(kClearBest)).with(checkpoint.run, checkpoint.id).run();
    Query(impl_->prepared(kInsert))
        .with(checkpoint.id, checkpoint.run, checkpoint.step, checkpoint.epoch, core::toText(checkpoint.kind),
              rolesText(roles), best, monitor.valueOf(checkpoint), checkpoint.loss, metricsText(checkpoint.metrics),
              impl_->relative(checkpoint.path), checkpoint.bytes, checkpoint.hash, checkpoint.fileHash, checkpoint.pinned,
              checkpoint.note, joinText(checkpoint.tags, '\n'),
              checkpoint.createdAt.empty() ? core::nowIso8601() : checkpoint.createdAt, checkpoint.verifiedAt,
              core::toText(checkpoint.state), checkpoint.saveSeconds, joinText(checkpoint.parents, ','))
        .run();
    impl_->moveBestRole(checkpoint.run);
    if (checkpoint.monitored) {
      const auto before = impl_->bestOf(checkpoint.run, monitor.series);
      if (before ? monitor.better(*checkpoint.monitored, *before) : !std::isnan(*checkpoint.monitored))
        setBest(checkpoint.run, {checkpoint.step, monitor.series, *checkpoint.monitored});
    }
    impl_->touch(checkpoint.run);
  });
}

void Catalog::addRoles(const std::string& id, const std::set<std::string>& roles) {
  impl_->write([&] {
    auto all = impl_->requireCheckpoint(id).roles;
    all.insert(roles.begin(), roles.end());
    Query(impl_->prepared(kSetRoles)).with(rolesText(all), id).run();
  });
}

void Catalog::setCheckpointState(const std::string& id, core::CheckpointState state) {
  impl_->write([&] {
    const auto record = impl_->requireCheckpoint(id);
    Query(impl_->prepared(kSetState)).with(core::toText(state), id).run();
    impl_->moveBestRole(record.run);
    impl_->touch(record.run);
  });
}

void Catalog::setVerified(const std::string& id, const std::string& at) {
  impl_->write([&] { Query(impl_->prepared(kSetVerified)).with(at, id).run(); });
}

std::vector<core::CheckpointRecord> Catalog::checkpoints(const std::string& run) {
  return impl_->read([&] {
    std::vector<core::CheckpointRecord> all;
    Query row(impl_->prepared(run.empty() ? kAll : kOfRun));
    if (!run.empty()) row.with(run);
    while (row.next()) all.push_back(impl_->readCheckpointRow(row));
    return all;
  });
}

core::CheckpointRecord Catalog::checkpoint(const std::string& id) {
  return impl_->read([&] { return impl_->requireCheckpoint(id); });
}

std::optional<core::CheckpointRecord> Catalog::newestReady(const std::string& run) {
  return impl_->read([&]() -> std::optional<core::CheckpointRecord> {
    Query row(impl_->prepared(kNewestReady));
    if (!row.with(run).next()) return {};
    return impl_->readCheckpointRow(row);
  });
}

std::vector<core::CheckpointRecord> Catalog::readyAt(const std::string& run, std::int64_t step) {
  return impl_->read([&] {
    std::vector<core::CheckpointRecord> found;
    Query row(impl_->prepared(kReadyAt));
    row.with(run, step);
    while (row.next()) found.push_back(impl_->readCheckpointRow(row));
    return found;
  });
}

std::optional<std::string> Catalog::checkpointAtPath(const std::filesystem::path& path) {
  return impl_->read([&]() -> std::optional<std::string> {
    Query row(impl_->prepared(kIdByPath));
    if (!row.with(impl_->relative(path)).next()) return {};
    return row.text(0);
  });
}

std::set<std::string> Catalog::filesOnRecord(const std::string& run) {
  return impl_->read([&] {
    std::set<std::string> names;
    Query row(impl_->prepared(kPathsOfRun));
    row.with(run);
    while (row.next()) names.insert(std::filesystem::path(row.text(0)).filename().string());
    return names;
  });
}

bool Catalog::hasCheckpoint(const std::string& id) {
  return impl_->read([&] { return Query(impl_->prepared(kHas)).with(id).next(); });
}

core::CheckpointRecord Catalog::findCheckpoint(const std::string& reference) {
  if (const auto at = reference.rfind('@'); at != std::string::npos) {
    const auto run = findRun(reference.substr(0, at));
    const auto which = reference.substr(at + 1);
    return impl_->read([&] {
      if (which == "latest" || which == "best") {
        Query row(impl_->prepared(which == "best" ? kBest : kNewestReady));
        if (!row.with(run.id).next()) {
          if (which == "best" && Query(impl_->prepared(kNewestReady)).with(run.id).next())
            noSuchCheckpoint(reference, fmt::format("run {0} has no best one before an epoch ends: {0}@latest is its newest", run.name));
          noSuchCheckpoint(reference, fmt::format("run {} has none that is ready", run.name));
        }
        return impl_->readCheckpointRow(row);
      }
      std::int64_t step = 0;
      const auto end = which.data() + which.size();
      if (const auto parsed = std::from_chars(which.data(), end, step); which.empty() || parsed.ptr != end || parsed.ec != std::errc())
        noSuchCheckpoint(reference, "after @ comes a step, latest or best");
      Query row(impl_->prepared(kAtStep));
      if (!row.with(run.id, step).next()) noSuchCheckpoint(reference, fmt::format("run {} has none at step {}", run.name, step));
      return impl_->readCheckpointRow(row);
    });
  }
  return impl_->read([&] {
    if (auto exact = impl_->checkpointById(reference)) return *exact;
    Query row(impl_->prepared(kIdsByPrefix));
    if (reference.empty() || !row.with(reference, reference + kAfterHex).next()) noSuchCheckpoint(reference);
    const auto id = row.text(0);
    if (row.next()) noSuchCheckpoint(reference, "the ids of several checkpoints begin so");
    return impl_->requireCheckpoint(id);
  });
}

}  // namespace cairn::storage
