// That no query of the window's or of a command's on one run walks through a whole table: SQLite's own plan of each
// statement that was run, whatever the size of the home.
#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <QTest>
#include <map>
#include <set>

#include "storage/recovery.h"
#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;
using storage::Catalog;

namespace {

/// The texts of all statements that connections of this process begin, while one of these lives.
class WatchedStatements {
 public:
  WatchedStatements() {
    texts().clear();
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(&watch));
  }
  ~WatchedStatements() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&watch)); }

  static std::set<std::string>& texts() {
    static std::set<std::string> all;
    return all;
  }

 private:
  static int watch(sqlite3* connection, char**, const void*) {
    return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, &note, nullptr);
  }
  static int note(unsigned, void*, void* statement, void*) {
    if (const char* text = sqlite3_sql(static_cast<sqlite3_stmt*>(statement))) texts().insert(text);
    return 0;
  }
};

bool isQuery(const std::string& text) {
  for (const char* verb : {"SELECT", "INSERT", "UPDATE", "DELETE"})
    if (text.starts_with(verb)) return true;
  return false;
}

/// Steps of the plan that walk through a table or an index from end to end.
std::vector<std::string> scansOf(SQLite::Database& catalog, const std::string& text) {
  std::vector<std::string> scans;
  SQLite::Statement plan(catalog, "EXPLAIN QUERY PLAN " + text);
  while (plan.executeStep()) {
    const std::string step = plan.getColumn(3).getString();
    if (step.starts_with("SCAN") && step.find("CONSTANT ROW") == std::string::npos) scans.push_back(step);
  }
  return scans;
}

}  // namespace

class TestQueryPlans : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  storage::Home home_{folder_.path().toStdString()};

  /// Runs one of which branched off the other, with checkpoints, metrics and an event each.
  std::vector<core::RunRecord> fill(Catalog& catalog) {
    std::vector<core::RunRecord> runs;
    for (int i = 0; i < 4; ++i) {
      auto run = smallRun("run " + std::to_string(i));
      run.status = core::RunStatus::Paused;
      catalog.insertRun(run);
      for (std::int64_t step = 1; step <= 40; ++step) {
        const core::MetricPoint point{core::Series::TrainLoss, step, 0, 0.1 * double(step), 1.0 / double(step)};
        catalog.appendMetrics(run.id, {&point, 1});
      }
      for (std::int64_t step = 10; step <= 40; step += 10) {
        auto record = smallCheckpoint(run, step);
        record.path = home_.checkpointFile(run.id, step, record.id).string();
        record.monitored = 1.0 / double(step);
        catalog.insertCheckpoint(record);
      }
      catalog.appendEvent(run.id, {5, "lr", "{}", {}});
      runs.push_back(run);
    }
    return runs;
  }

  void useAsAWindow(Catalog& catalog, const core::RunRecord& run) {
    catalog.runs();
    catalog.run(run.id);
    catalog.findRun(run.name);
    catalog.findRun(run.id.substr(0, 8));
    const auto checkpoints = catalog.checkpoints(run.id);
    const auto& first = checkpoints.front();
    catalog.findCheckpoint(run.name + "@best");
    catalog.findCheckpoint(run.name + "@latest");
    catalog.findCheckpoint(run.name + "@20");
    catalog.findCheckpoint(first.id.substr(0, 8));
    catalog.newestReady(run.id);
    catalog.readyAt(run.id, 20);
    catalog.checkpointAtPath(first.path);
    catalog.filesOnRecord(run.id);
    catalog.hasCheckpoint(first.id);
    catalog.events(run.id);
    catalog.seriesOf(run.id);
    catalog.metrics(run.id, core::Series::TrainLoss, false);
    catalog.metrics(run.id, core::Series::TrainLoss, true, 20);
    catalog.outline(run.id, core::Series::TrainLoss, 20);
    catalog.dataVersion();
    catalog.lastRecovery();
    catalog.trash();
  }

  void change(Catalog& catalog, const core::RunRecord& run) {
    const auto first = catalog.checkpoints(run.id).front().id;
    catalog.setCheckpointNote(first, "a note");
    catalog.setRunTags(run.id, {"a tag"});
    catalog.setPinned(first, true);
    catalog.setPinned(first, false);
    catalog.renameRun(run.id, "renamed");
    catalog.setVerified(first, core::nowIso8601());
    catalog.setCheckpointState(first, core::CheckpointState::Missing);
    catalog.deleteCheckpoint(catalog.checkpoints(run.id)[1].id);
    catalog.supersedeMetrics(run.id, 30);
    catalog.pruneByPolicy(run.id, run.spec.checkpoints);
    catalog.finishFiles(run.id);
    catalog.emptyTrash();
    storage::repair(catalog);
  }

 private Q_SLOTS:
  void noQueryWalksThroughATable() {
    const WatchedStatements watched;
    Catalog catalog(home_, Catalog::Access::Write);
    const auto runs = fill(catalog);
    useAsAWindow(catalog, runs[1]);
    change(catalog, runs[2]);

    // What may: the list of all runs, which is what it lists; and the newest repair, which stops at its first row.
    const std::set<std::string> allowed = {"SCAN r", "SCAN recoveries"};
    SQLite::Database raw(home_.catalog().string());
    const auto texts = WatchedStatements::texts();
    int queries = 0;
    for (const auto& text : texts) {
      if (!isQuery(text) || text.find("sqlite_schema") != std::string::npos) continue;
      ++queries;
      for (const auto& scan : scansOf(raw, text))
        QVERIFY2(allowed.contains(scan), qPrintable(QString::fromStdString(scan + " by: " + text)));
    }
    QVERIFY2(queries > 30, qPrintable(QString("only %1 queries were seen").arg(queries)));
  }

  void aScanIsSeen() {
    Catalog catalog(home_, Catalog::Access::Write);
    SQLite::Database raw(home_.catalog().string());
    QCOMPARE(scansOf(raw, "SELECT count(*) FROM checkpoints WHERE note = ?").size(), std::size_t{1});
    QCOMPARE(scansOf(raw, "SELECT id FROM checkpoints WHERE run = ?").size(), std::size_t{0});
  }

  void anOutlineFollowsTheWholeSeries() {
    Catalog catalog(home_, Catalog::Access::Write);
    const auto run = smallRun("long");
    catalog.insertRun(run);
    constexpr std::int64_t kSteps = 100'000;
    std::vector<core::MetricPoint> points;
    for (std::int64_t step = 1; step <= kSteps; ++step)
      points.push_back({core::Series::TrainLoss, step, 0, 0.0, static_cast<double>(step) / kSteps});
    for (std::size_t at = 0; at < points.size(); at += 5000)
      catalog.appendMetrics(run.id, std::span(points).subspan(at, 5000));
    const auto outline = catalog.outline(run.id, core::Series::TrainLoss, 16).points;
    QVERIFY(outline.size() >= 12 && outline.size() <= 32);
    for (const auto& [step, value] : outline) QVERIFY(std::abs(value - step / kSteps) < 1e-9);
    QVERIFY(outline.front().first < kSteps * 0.15);
    QVERIFY(outline.back().first > kSteps * 0.9);
    QVERIFY(catalog.outline(run.id, core::Series::ValLoss, 16).points.empty());
  }
};

CAIRN_TEST(TestQueryPlans, query_plans)
#include "tst_query_plans.moc"
