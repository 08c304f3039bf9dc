#include <QTest>
#include <SQLiteCpp/SQLiteCpp.h>

#include "storage/checkpoint_files.h"
#include "storage/retention.h"
#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;
using storage::RetentionRow;

class TestRetention : public QObject {
  Q_OBJECT

  static std::vector<std::string> gone(const std::vector<RetentionRow>& rows, std::int64_t last, std::int64_t best) {
    core::CheckpointSpec policy;
    policy.keepLast = last;
    policy.keepBest = best;
    return storage::prunable(rows, policy, {"val/loss", core::Mode::Min});
  }
  using Ids = std::vector<std::string>;

  /// A run with two checkpoints and their files; the first.
  static core::CheckpointRecord withTwoCheckpoints(const storage::Home& home) {
    storage::Catalog catalog(home, storage::Catalog::Access::Write);
    const auto run = smallRun();
    catalog.insertRun(run);
    core::CheckpointRecord first;
    for (int step = 2; step >= 1; --step) {
      first = smallCheckpoint(run, step);
      const auto written = storage::writeCheckpointFile(catalog.files(), home.checkpointFile(run.id, step, first.id), *smallState(first));
      first.path = written.path.string();
      first.bytes = static_cast<std::int64_t>(written.bytes);
      first.fileHash = written.fileHash;
      catalog.insertCheckpoint(first);
    }
    return first;
  }
  /// As a crash leaves it.
  static void change(const storage::Home& home, const std::string& sql) {
    SQLite::Database(home.catalog().string(), SQLite::OPEN_READWRITE).exec(sql);
  }

 private Q_SLOTS:
  void aRunIsDeletedAsAWholeAndRestored() {
    QTemporaryDir folder(fastFolder());
    const storage::Home home(folder.path().toStdString());
    const auto early = withTwoCheckpoints(home);
    storage::Catalog catalog(home, storage::Catalog::Access::Write);
    const auto late = catalog.checkpoints(early.run).back();
    auto branch = smallRun("branch");
    branch.parentRun = early.run;
    branch.parentCheckpoint = early.id;
    branch.parentStep = early.step;
    catalog.insertRun(branch);
    catalog.appendMetrics(early.run, std::vector<core::MetricPoint>{{core::Series::TrainLoss, 1, 0, 0.1, 0.5}});
    catalog.setStatus(early.run, core::RunStatus::Queued);
    QVERIFY(messageOf([&] { catalog.deleteRun(early.run); }).find("waits for its turn") != std::string::npos);
    catalog.setStatus(early.run, core::RunStatus::Completed);
    {
      const auto lock = catalog.files().tryLock(home.runLock(early.run));
      QVERIFY(!messageOf([&] { catalog.deleteRun(early.run); }).empty());  // somebody trains it
    }

    catalog.deleteRun(early.run);
    QCOMPARE(catalog.runs().size(), std::size_t{1});
    QCOMPARE(catalog.allRuns().size(), std::size_t{2});
    QVERIFY(!messageOf([&] { catalog.findRun("digits"); }).empty());
    QVERIFY(std::filesystem::exists(early.path));  // a branch begins from it
    QCOMPARE(catalog.checkpoint(early.id).state, core::CheckpointState::Ready);
    QVERIFY(!std::filesystem::exists(late.path));
    QCOMPARE(catalog.metrics(branch.id, core::Series::TrainLoss, false).size(), std::size_t{1});
    const auto trashed = catalog.trashedRuns();
    QCOMPARE(trashed.size(), std::size_t{1});
    QCOMPARE(trashed[0].checkpoints, std::int64_t{1});
    QCOMPARE(trashed[0].bytes, late.bytes);
    QVERIFY(messageOf([&] { catalog.undeleteCheckpoint(late.id); }).find("restore the run") != std::string::npos);

    catalog.undeleteRun(early.run);
    QVERIFY(std::filesystem::exists(late.path));
    QCOMPARE(catalog.checkpoint(late.id).state, core::CheckpointState::Ready);
    QCOMPARE(catalog.findRun("digits").id, early.run);
    QVERIFY(catalog.trashedRuns().empty() && catalog.trash().empty());
  }

  void whatIsGoneForGoodIsNoParentAnyMore() {
    QTemporaryDir folder(fastFolder());
    const storage::Home home(folder.path().toStdString());
    const auto early = withTwoCheckpoints(home);
    storage::Catalog catalog(home, storage::Catalog::Access::Write);
    auto branch = smallRun("branch");
    branch.status = core::RunStatus::Stopped;
    branch.parentRun = early.run;
    branch.parentCheckpoint = early.id;
    branch.parentStep = early.step;
    catalog.insertRun(branch);
    catalog.setStatus(early.run, core::RunStatus::Stopped);
    catalog.deleteRun(branch.id);
    QVERIFY(!messageOf([&] { catalog.deleteCheckpoint(early.id); }).empty());  // the branch may come back
    QCOMPARE(catalog.emptyTrash(), std::int64_t{0});
    QVERIFY(!messageOf([&] { catalog.undeleteRun(branch.id); }).empty());
    QVERIFY(!catalog.checkpoint(early.id).roles.contains("branch"));
    catalog.deleteCheckpoint(early.id);
    const auto late = catalog.checkpoints(early.run).back();
    catalog.deleteRun(early.run);
    QCOMPARE(catalog.trashedRuns()[0].checkpoints, std::int64_t{1});  // the other one was deleted by itself
    QVERIFY(catalog.emptyTrash() >= late.bytes);
    QVERIFY(catalog.runs().empty() && catalog.trash().empty());
  }

  void keepsWhatThePolicySays() {
    const std::vector<RetentionRow> rows = {{"a", 1, {"periodic"}, false, 0.9}, {"b", 2, {"periodic"}, false, 0.1},
                                            {"c", 3, {"periodic"}, true, 0.8},  {"d", 4, {"manual"}, false, 0.7},
                                            {"e", 5, {"periodic", "branch"}, false, 0.6}, {"f", 6, {}, false, 0.5},
                                            {"g", 7, {"periodic"}, false, 0.55}};
    QCOMPARE(gone(rows, 1, 1), (Ids{"a", "f"}));
    QCOMPARE(gone(rows, 1, 2), (Ids{"a"}));
    QCOMPARE(gone(rows, 1, 0), (Ids{"a", "b", "f"}));
    QCOMPARE(gone(rows, 5, 0), (Ids{"f"}));
    QCOMPARE(gone(rows, 0, 0), Ids{});
    QCOMPARE(gone({{"only", 1, {"periodic"}, false, {}}}, 1, 0), Ids{});
    QCOMPARE(gone({{"a", 1, {}, false, {}}, {"b", 2, {}, false, {}}}, 1, 0), (Ids{"a"}));
  }

  void tellsWhichOfTheQueuedWouldGo() {
    QTemporaryDir folder;
    storage::Catalog catalog(storage::Home(folder.path().toStdString()), storage::Catalog::Access::Write);
    const auto run = smallRun();
    catalog.insertRun(run);
    auto stored = smallCheckpoint(run, 1);
    stored.metrics["val/loss"] = 0.2;
    catalog.insertCheckpoint(stored);
    std::vector<core::CheckpointRecord> queued;
    for (const int step : {1, 2, 3, 3, 4, 5, 6, 7, 8}) queued.push_back(smallCheckpoint(run, step));
    queued[4].kind = core::CheckpointKind::Final;
    for (auto& record : queued) record.metrics["val/loss"] = record.step == 5 ? 0.1 : record.step == 2 ? 0.15 : 0.3;
    std::vector<const core::CheckpointRecord*> pointers;
    for (const auto& record : queued) pointers.push_back(&record);
    core::CheckpointSpec policy;
    policy.keepLast = 1;
    policy.keepBest = 1;
    // Two may be one state: those at steps 1 and 3 are not judged.
    QCOMPARE(catalog.leavingAmong(run.id, pointers, policy),
             (std::set<std::string>{queued[1].id, queued[6].id, queued[7].id}));
    policy.keepBest = 2;
    QCOMPARE(catalog.leavingAmong(run.id, pointers, policy), (std::set<std::string>{queued[6].id, queued[7].id}));
    policy.keepLast = 0;
    QVERIFY(catalog.leavingAmong(run.id, pointers, policy).empty());
  }

  void showsWhatWouldGoAndTakesNoMore() {
    QTemporaryDir folder;
    storage::Catalog catalog(storage::Home(folder.path().toStdString()), storage::Catalog::Access::Write);
    const auto run = smallRun();
    catalog.insertRun(run);
    std::vector<std::string> ids;
    for (int step = 1; step <= 5; ++step) {
      const auto record = smallCheckpoint(run, step);
      catalog.insertCheckpoint(record);
      ids.push_back(record.id);
    }
    core::CheckpointSpec policy;
    policy.keepLast = 2;
    policy.keepBest = 0;
    const auto leaving = catalog.prunableBy(run.id, policy);
    QCOMPARE(leaving.size(), std::size_t{3});
    QCOMPARE(catalog.checkpoint(ids[0]).state, core::CheckpointState::Ready);  // nothing was touched
    // One was pinned since, one was not shown: both stay.
    catalog.setPinned(ids[0], true);
    const auto gone = catalog.pruneByPolicy(run.id, policy, {ids[0], ids[1]});
    QCOMPARE(gone.size(), std::size_t{1});
    QCOMPARE(gone[0].id, ids[1]);
    QCOMPARE(catalog.checkpoint(ids[2]).state, core::CheckpointState::Ready);
  }

  void trashGivesBack() {
    QTemporaryDir folder;
    storage::Catalog catalog(storage::Home(folder.path().toStdString()), storage::Catalog::Access::Write);
    const auto run = smallRun();
    catalog.insertRun(run);
    std::vector<core::CheckpointRecord> records;
    for (int step = 1; step <= 2; ++step) {
      auto record = smallCheckpoint(run, step);
      const auto written = storage::writeCheckpointFile(
          catalog.files(), catalog.home().checkpointFile(run.id, step, record.id), *smallState(record));
      record.path = written.path.string();
      record.bytes = static_cast<std::int64_t>(written.bytes);
      catalog.insertCheckpoint(record);
      records.push_back(record);
    }
    catalog.deleteCheckpoint(records[0].id);
    QVERIFY(!catalog.files().exists(records[0].path));
    QCOMPARE(catalog.checkpoint(records[0].id).state, core::CheckpointState::Deleted);
    QCOMPARE(catalog.trash().size(), std::size_t{1});
    QVERIFY(messageOf([&] { catalog.deleteCheckpoint(records[1].id); }).find("last good") != std::string::npos);
    QCOMPARE(catalog.totalTrashBytes(), records[0].bytes);
    QCOMPARE(catalog.emptyTrash(true), std::int64_t{0});
    catalog.undeleteCheckpoint(records[0].id);
    QVERIFY(catalog.files().exists(records[0].path));
    QCOMPARE(catalog.checkpoint(records[0].id).state, core::CheckpointState::Ready);

    auto branch = smallRun();
    branch.parentCheckpoint = records[0].id;
    catalog.insertRun(branch);
    QVERIFY(messageOf([&] { catalog.deleteCheckpoint(records[0].id); }).find("branch") != std::string::npos);
    catalog.deleteCheckpoint(records[1].id);
    QCOMPARE(catalog.emptyTrash(), records[1].bytes);
    QVERIFY(!messageOf([&] { catalog.undeleteCheckpoint(records[1].id); }).empty());
    const auto other = smallRun("other");
    catalog.insertRun(other);
    auto only = smallCheckpoint(other, 1);
    only.path = storage::writeCheckpointFile(catalog.files(), catalog.home().checkpointFile(other.id, 1, only.id),
                                             *smallState(only)).path.string();
    catalog.insertCheckpoint(only);
    QVERIFY(!messageOf([&] { catalog.deleteCheckpoint(only.id); }).empty());
    catalog.deleteCheckpoint(only.id, /*evenLastGood=*/true);  // who asks may
    QCOMPARE(catalog.checkpoint(only.id).state, core::CheckpointState::Deleted);
  }

  /// Killed between the mark and the move: another command takes it up before it does its own.
  void halfDeletesAreFinishedFirst() {
    QTemporaryDir folder;
    const storage::Home home(folder.path().toStdString());
    const auto record = withTwoCheckpoints(home);
    storage::Catalog catalog(home, storage::Catalog::Access::Write);
    const auto trashed = home.trash() / (record.id + ".pt");
    const auto halfDelete = [&] {
      catalog.deleteCheckpoint(record.id);
      std::filesystem::rename(trashed, record.path);
      change(home, "UPDATE checkpoints SET pending = 'trash' WHERE id = '" + record.id + "'");
    };
    halfDelete();
    catalog.undeleteCheckpoint(record.id);
    QCOMPARE(catalog.checkpoint(record.id).state, core::CheckpointState::Ready);
    QVERIFY(std::filesystem::exists(record.path));
    halfDelete();
    QCOMPARE(catalog.emptyTrash(), record.bytes);
    QVERIFY(!std::filesystem::exists(record.path) && !std::filesystem::exists(trashed));
  }

  void whoReadsAPrunedOneIsToldHowToHaveItAgain() {
    QTemporaryDir folder;
    const storage::Home home(folder.path().toStdString());
    const auto record = withTwoCheckpoints(home);
    storage::Catalog catalog(home, storage::Catalog::Access::Write);
    catalog.deleteCheckpoint(record.id);
    const auto why = [&] {
      return messageOf([&] { storage::readCheckpoint(catalog.files(), catalog.checkpoint(record.id)); });
    };
    QVERIFY(why().find("it is deleted; undelete it") != std::string::npos);
    change(home, "UPDATE checkpoints SET state = 'pruned' WHERE id = '" + record.id + "'");
    QVERIFY(why().find("it is pruned; recreate it") != std::string::npos);
  }
};

CAIRN_TEST(TestRetention, retention)
#include "tst_retention.moc"
