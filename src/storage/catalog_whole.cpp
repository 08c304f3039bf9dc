// The catalog as a whole: what changed, how much it holds, and the repairs on record.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/catalog_impl.h"

namespace cairn::storage {

namespace {

constexpr const char* kTotalBytes = "SELECT COALESCE(SUM(bytes), 0) FROM checkpoints WHERE state = 'ready'";
constexpr const char* kLastRecovery = "SELECT at, report FROM recoveries ORDER BY number DESC LIMIT 1";
constexpr const char* kInsertRecovery = "INSERT INTO recoveries(at, report) VALUES(?, ?)";

// The lists of a report by their name in JSON.
template <typename Report, typename Visit>
void eachList(Report& report, Visit visit) {
  visit("interrupted", report.interrupted);
  visit("adopted", report.adopted);
  visit("quarantined", report.quarantined);
  visit("missing", report.missing);
  visit("damaged", report.damaged);
}

}  // namespace

std::int64_t Catalog::dataVersion() {
  return impl_->read([&] { return impl_->database->execAndGet("PRAGMA data_version").getInt64(); });
}

std::int64_t Catalog::totalCheckpointBytes() {
  return impl_->read([&] {
    Query row(impl_->prepared(kTotalBytes));
    row.next();
    return row.integer(0);
  });
}

RecoveryReport Catalog::lastRecovery() {
  return impl_->read([&] {
    RecoveryReport report;
    Query row(impl_->prepared(kLastRecovery));
    if (!row.next()) return report;
    report.at = row.text(0);
    try {
      const auto json = nlohmann::json::parse(row.text(1));
      eachList(report, [&](const char* name, std::vector<std::string>& list) { list = json.at(name); });
    } catch (const nlohmann::json::exception& error) {
      throw damagedCatalog(impl_->home.catalog(), fmt::format("the last repair on record cannot be read ({})", error.what()));
    }
    return report;
  });
}

void Catalog::recordRecovery(const RecoveryReport& report) {
  nlohmann::json json;
  eachList(report, [&](const char* name, const std::vector<std::string>& list) { json[name] = list; });
  impl_->write([&] {
    Query(impl_->prepared(kInsertRecovery)).with(report.at.empty() ? core::nowIso8601() : report.at, json.dump()).run();
  });
}

}  // namespace cairn::storage
