#include <SQLiteCpp/SQLiteCpp.h>

#include <QTest>
#include <bit>
#include <cmath>
#include <fstream>
#include <limits>
#include <random>

#include "storage/schema.h"
#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;
using storage::Catalog;

class TestCatalog : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  int homes_ = 0;
  static int versionOf(const storage::Home& home) {
    return SQLite::Database(home.catalog().string()).execAndGet("PRAGMA user_version").getInt();
  }
  static void makeOlder(const storage::Home& home, const core::RunRecord& run, int version) {
    std::filesystem::create_directories(home.root());
    SQLite::Database raw(home.catalog().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    raw.exec("PRAGMA journal_mode=wal");
    for (int step = 0; step < version; ++step) raw.exec(std::string(storage::schemaFiles()[static_cast<std::size_t>(step)].sql));
    raw.exec("PRAGMA application_id=0x63726e31");
    raw.exec("PRAGMA user_version=" + std::to_string(version));
    SQLite::Statement insert(raw, "INSERT INTO runs(id, name, status, created_at, updated_at, spec, note)"
                                  " VALUES(?, ?, 'stopped', '2026-11-01', '2026-11-01', ?, 'as it was')");
    insert.bind(1, run.id);
    insert.bind(2, run.name);
    insert.bind(3, core::toJson(run.spec).dump());
    insert.exec();
  }
  storage::Home freshHome() { return storage::Home(folder_.filePath(QString::number(++homes_)).toStdString()); }

 private Q_SLOTS:
  void migratesAndSetsDurability() {
    const auto home = freshHome();
    Catalog(home, Catalog::Access::Write);
    Catalog again(home, Catalog::Access::Write);
    SQLite::Database raw(home.catalog().string());
    QCOMPARE(raw.execAndGet("PRAGMA user_version").getInt(), static_cast<int>(storage::schemaFiles().size()));
    QCOMPARE(raw.execAndGet("PRAGMA journal_mode").getString(), std::string("wal"));
  }

  void takesOverVersionOne() {
    const auto home = freshHome();
    const auto made = freshHome();
    Catalog(made, Catalog::Access::Write);
    const int program = SQLite::Database(made.catalog().string()).execAndGet("PRAGMA application_id").getInt();
    std::filesystem::create_directories(home.root());
    {
      SQLite::Database old(home.catalog().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
      old.exec(std::string(storage::schemaFiles()[0].sql));
      old.exec("PRAGMA application_id=" + std::to_string(program));
      old.exec("PRAGMA user_version=1");
      SQLite::Statement insert(old, "INSERT INTO runs(id, name, status, created_at, updated_at, spec) VALUES(?,'old','paused','t','t',?)");
      insert.bind(1, std::string(16, 'a'));
      insert.bind(2, core::toJson(smallSpec()).dump());
      insert.exec();
    }
    QCOMPARE(Catalog(home, Catalog::Access::Read).findRun("old").status, core::RunStatus::Paused);  // of a copy
    Catalog catalog(home, Catalog::Access::Write);
    QCOMPARE(catalog.findRun("old").status, core::RunStatus::Paused);
  }

  void revisionTellsOfEveryChangeToCheckpoints() {
    Catalog catalog(freshHome(), Catalog::Access::Write);
    const auto run = smallRun("a"), other = smallRun("b");
    catalog.insertRun(run);
    catalog.insertRun(other);
    std::int64_t last = catalog.run(run.id).checkpointRevision;
    const auto changed = [&] { return catalog.run(run.id).checkpointRevision != std::exchange(last, catalog.run(run.id).checkpointRevision); };
    const auto one = smallCheckpoint(run, 10);
    catalog.insertCheckpoint(one);
    QVERIFY(changed());
    catalog.setPinned(one.id, true);
    QVERIFY(changed());
    catalog.setCheckpointState(one.id, core::CheckpointState::Damaged);
    QVERIFY(changed());
    auto branch = smallRun("branch");
    branch.parentRun = run.id;
    branch.parentCheckpoint = one.id;
    catalog.insertRun(branch);
    QVERIFY(changed());
    catalog.insertCheckpoint(smallCheckpoint(other, 10));
    QVERIFY(!changed());
  }

  // A catalog of each version before this one, as that version left it.
  void takesOlderCatalogsOver() {
    const auto newest = static_cast<int>(storage::schemaFiles().size());
    for (int version = 1; version < newest; ++version) {
      const auto home = freshHome();
      const auto run = smallRun();
      makeOlder(home, run, version);
      {
        Catalog reader(home, Catalog::Access::Read);  // changes nothing, and reads it all the same
        QCOMPARE(reader.run(run.id).name, run.name);
        QVERIFY(!reader.run(run.id).hidden);
        QCOMPARE(versionOf(home), version);
      }
      Catalog catalog(home, Catalog::Access::Write);
      QCOMPARE(versionOf(home), newest);
      const auto before = catalog.run(run.id);
      QCOMPARE(before.note, std::string("as it was"));
      QVERIFY(!before.color && !before.hidden);
      catalog.setRunColor(run.id, 3);
      catalog.setRunHidden(run.id, true);
      QCOMPARE(catalog.run(run.id).color, std::optional<int>(3));
      QVERIFY(catalog.runs().at(0).hidden);
      catalog.setRunColor(run.id, {});
      catalog.setRunHidden(run.id, false);
      QVERIFY(!catalog.run(run.id).color && !catalog.run(run.id).hidden);
      QVERIFY(messageOf([&] { catalog.setRunHidden("0123", true); }).find("not on record") != std::string::npos);
      QVERIFY(!catalog.isDeleted(run.id));
      catalog.deleteRun(run.id);
      QVERIFY(catalog.isDeleted(run.id) && catalog.runs().empty());
    }
  }

  void networkHomeHasNoLog() {
    WatchedFiles files;
    files.network = true;
    const auto home = freshHome();
    Catalog catalog(home, Catalog::Access::Write, files);
    QCOMPARE(SQLite::Database(home.catalog().string()).execAndGet("PRAGMA journal_mode").getString(), std::string("delete"));
  }

  void refusesWhatItCannotRead() {
    const auto newer = freshHome();
    Catalog(newer, Catalog::Access::Write);
    SQLite::Database(newer.catalog().string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version=99");
    for (const auto access : {Catalog::Access::Write, Catalog::Access::Read})
      QVERIFY(messageOf([&] { Catalog(newer, access); }).find("newer version") != std::string::npos);

    const auto other = freshHome();
    std::filesystem::create_directories(other.root());
    std::ofstream(other.catalog()) << "this is a text file, and rather a long one";
    QVERIFY(messageOf([&] { Catalog(other, Catalog::Access::Write); }).find("not a SQLite file") != std::string::npos);

    const auto foreign = freshHome();
    std::filesystem::create_directories(foreign.root());
    SQLite::Database(foreign.catalog().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE t(x)");
    QVERIFY(messageOf([&] { Catalog(foreign, Catalog::Access::Write); }).find("another program") != std::string::npos);
    QVERIFY(messageOf([&] { Catalog(freshHome(), Catalog::Access::Read); }).find("no catalog") != std::string::npos);
  }

  void findsRunsAndCheckpoints() {
    Catalog catalog(freshHome(), Catalog::Access::Write);
    auto first = smallRun("a"), second = smallRun("a");
    catalog.insertRun(first);
    catalog.insertRun(second);
    QCOMPARE(catalog.findRun("a").id, second.id);
    QCOMPARE(catalog.findRun(first.id.substr(0, 12)).id, first.id);
    QVERIFY(!messageOf([&] { catalog.findRun("nobody"); }).empty());
    auto one = smallCheckpoint(second, 10), two = smallCheckpoint(second, 20);
    one.metrics = {{"val/loss", 0.1}};
    two.metrics = {{"val/loss", std::nan("")}};
    catalog.insertCheckpoint(one);
    catalog.insertCheckpoint(two);
    QCOMPARE(catalog.findCheckpoint("a@latest").id, two.id);
    QCOMPARE(catalog.findCheckpoint("a@best").id, one.id);
    QCOMPARE(catalog.findCheckpoint("a@10").id, one.id);
    QVERIFY(std::isnan(catalog.checkpoint(two.id).metrics.at("val/loss")));
    QVERIFY(!messageOf([&] { catalog.findCheckpoint("a@11"); }).empty());
    const auto young = smallRun("young");  // within its first epoch: nothing was measured that could be best
    catalog.insertRun(young);
    QVERIFY(messageOf([&] { catalog.findCheckpoint("young@best"); }).find("none that is ready") != std::string::npos);
    auto unmeasured = smallCheckpoint(young, 1);
    unmeasured.metrics.clear();
    catalog.insertCheckpoint(unmeasured);
    QVERIFY(messageOf([&] { catalog.findCheckpoint("young@best"); }).find("young@latest is its newest") != std::string::npos);
  }

  void statusFollowsTheLock() {
    Catalog catalog(freshHome(), Catalog::Access::Write);
    const auto run = smallRun();
    catalog.insertRun(run);
    catalog.setStatus(run.id, core::RunStatus::Running);
    catalog.files().makeFolders(catalog.home().runFolder(run.id));
    {
      const auto lock = catalog.files().tryLock(catalog.home().runLock(run.id));
      QCOMPARE(catalog.run(run.id).status, core::RunStatus::Running);
    }
    QCOMPARE(catalog.run(run.id).status, core::RunStatus::Interrupted);
  }

  void aStatusIsChangedOnlyFromTheOneThatWasMeant() {
    Catalog catalog(freshHome(), Catalog::Access::Write);
    const auto run = smallRun();
    catalog.insertRun(run);
    catalog.setStatus(run.id, core::RunStatus::Failed, "NaN at step 3");
    catalog.changeStatus(run.id, core::RunStatus::Queued, core::RunStatus::Stopped);
    QCOMPARE(catalog.run(run.id).status, core::RunStatus::Failed);
    QCOMPARE(catalog.run(run.id).failure, std::string("NaN at step 3"));
    catalog.changeStatus(run.id, core::RunStatus::Failed, core::RunStatus::Paused);
    QCOMPARE(catalog.run(run.id).status, core::RunStatus::Paused);
  }

  void metricsKeepEveryBit() {
    const auto home = freshHome();
    Catalog catalog(home, Catalog::Access::Write);
    const auto run = smallRun();
    catalog.insertRun(run);
    std::mt19937_64 random(7);
    std::vector<core::MetricPoint> points;
    const double special[] = {std::nan(""), std::numeric_limits<double>::infinity(), -0.0, 5e-324, 0.1};
    for (std::int64_t step = 1; step <= 20'000; ++step) {
      const double value = step % 100 < 5 ? special[step % 100] : std::bit_cast<double>(random());
      points.push_back({core::Series::TrainLoss, step, step / 7, 0.25 * static_cast<double>(step), value});
    }
    for (std::size_t at = 0; at < points.size(); at += 37)
      catalog.appendMetrics(run.id, std::span(points).subspan(at, std::min<std::size_t>(37, points.size() - at)));
    const auto data = catalog.metrics(run.id, core::Series::TrainLoss);
    QCOMPARE(data.size(), points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
      QCOMPARE(data.step[i], points[i].step);
      QCOMPARE(data.epoch[i], points[i].epoch);
      QCOMPARE(data.seconds[i], points[i].seconds);
      QCOMPARE(std::bit_cast<std::uint64_t>(data.value[i]), std::bit_cast<std::uint64_t>(points[i].value));
    }
    QCOMPARE(catalog.metrics(run.id, core::Series::TrainLoss, true, 19'990).size(), std::size_t{10});
    SQLite::Database raw(home.catalog().string());
    QVERIFY(raw.execAndGet("SELECT count(*) FROM metric_chunks").getInt() < 25);

    catalog.supersedeMetrics(run.id, 12'345);
    QCOMPARE(catalog.metrics(run.id, core::Series::TrainLoss).step.back(), std::int64_t{12'345});
    const std::vector<core::MetricPoint> next = {{core::Series::TrainLoss, 12'345, 0, 0, 9}, {core::Series::TrainLoss, 12'346, 0, 0, 9}};
    catalog.appendMetrics(run.id, next);
    const auto after = catalog.metrics(run.id, core::Series::TrainLoss);
    QCOMPARE(after.size(), std::size_t{12'346});
    QVERIFY(after.value[12'344] != 9);
    QCOMPARE(after.value.back(), 9.0);
  }

  void branchShowsItsParentsPart() {
    Catalog catalog(freshHome(), Catalog::Access::Write);
    const auto parent = smallRun();
    auto child = smallRun();
    catalog.insertRun(parent);
    const auto checkpoint = smallCheckpoint(parent, 3);
    catalog.insertCheckpoint(checkpoint);
    child.parentRun = parent.id;
    child.parentCheckpoint = checkpoint.id;
    child.parentStep = 3;
    catalog.insertRun(child);
    std::vector<core::MetricPoint> old, own;
    for (int step = 1; step <= 6; ++step) old.push_back({core::Series::TrainLoss, step, 0, 0, 1});
    for (int step = 4; step <= 5; ++step) own.push_back({core::Series::TrainLoss, step, 0, 0, 2});
    catalog.appendMetrics(parent.id, old);
    catalog.appendMetrics(child.id, own);
    const auto all = catalog.metrics(child.id, core::Series::TrainLoss, false);
    QCOMPARE(all.step, (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
    QCOMPARE(all.value, (std::vector<double>{1, 1, 1, 2, 2}));
    QCOMPARE(catalog.metrics(child.id, core::Series::TrainLoss).size(), std::size_t{2});
    QVERIFY(catalog.checkpoint(checkpoint.id).roles.contains("branch"));
  }

  void twoConnectionsSeeEachOther() {
    const auto home = freshHome();
    Catalog one(home, Catalog::Access::Write);
    Catalog two(home, Catalog::Access::Read);
    const auto before = two.dataVersion();
    one.insertRun(smallRun());
    QVERIFY(two.dataVersion() != before);
    QCOMPARE(two.runs().size(), std::size_t{1});
    QVERIFY(!messageOf([&] { two.insertRun(smallRun()); }).empty());
    one.backup();
    QVERIFY(std::filesystem::exists(home.catalogBackup()));
  }
};

CAIRN_TEST(TestCatalog, catalog)
#include "tst_catalog.moc"
