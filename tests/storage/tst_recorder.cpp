#include <QTest>
#include <future>

#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;
using storage::Catalog;
using storage::Recorder;

class TestRecorder : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  int homes_ = 0;
  storage::Home freshHome() { return storage::Home(folder_.filePath(QString::number(++homes_)).toStdString()); }

  static core::MetricsMeasured losses(std::int64_t from, std::int64_t to, double scale = 1) {
    core::MetricsMeasured measured;
    for (auto step = from; step <= to; ++step) {
      measured.points.push_back({core::Series::TrainLoss, step, 0, 0.1, scale / static_cast<double>(step)});
      measured.points.push_back({core::Series::Lr, step, 0, 0.1, 0.1});
    }
    return measured;
  }
  static core::CheckpointTaken taken(const core::CheckpointRecord& record, float weight = 1.5f) {
    return {record, smallState(record, weight), 0};
  }
  static core::SessionStateChanged state(core::SessionState now, std::int64_t step = 0, std::string reason = {}) {
    return {now, std::move(reason), nullptr, step, 0};
  }

 private Q_SLOTS:
  void storesFileBeforeRow() {
    const auto home = freshHome();
    Catalog catalog(home, Catalog::Access::Write);
    const auto run = smallRun();
    catalog.insertRun(run);
    WatchedFiles files;
    std::atomic<int> rowsAtRename{-1};
    files.afterRename = [&](const auto&) { rowsAtRename = static_cast<int>(Catalog(home, Catalog::Access::Read).checkpoints().size()); };
    KeptEvents events;
    Recorder recorder(home, {.run = run}, &events, files);
    recorder.post(state(core::SessionState::Training));
    recorder.post(losses(1, 10));
    const auto record = smallCheckpoint(run, 10);
    recorder.post(taken(record));
    recorder.post(state(core::SessionState::Stopped, 10, "max_steps"));
    recorder.flush();
    QCOMPARE(rowsAtRename.load(), 0);
    QCOMPARE(catalog.checkpoint(record.id).state, core::CheckpointState::Ready);
    QCOMPARE(catalog.metrics(run.id, core::Series::TrainLoss).size(), std::size_t{10});
    const auto after = catalog.run(run.id);
    QCOMPARE(after.status, core::RunStatus::Paused);
    QCOMPARE(after.step, std::int64_t{10});
    QCOMPARE(events.all<core::CheckpointStored>().size(), std::size_t{1});
    QVERIFY(events.all<core::CheckpointTaken>().at(0).state == nullptr);
  }

  void retentionFollowsTheNewerOne() {
    const auto home = freshHome();
    Catalog catalog(home, Catalog::Access::Write);
    const auto run = smallRun();
    catalog.insertRun(run);
    KeptEvents events;
    Recorder recorder(home, {.run = run}, &events);
    for (int step = 1; step <= 4; ++step) recorder.post(taken(smallCheckpoint(run, step), static_cast<float>(step)));
    recorder.flush();
    int files = 0;
    for (const auto& record : catalog.checkpoints(run.id)) {
      const bool there = catalog.files().exists(record.path);
      QCOMPARE(there, record.state == core::CheckpointState::Ready);
      files += there ? 1 : 0;
    }
    QCOMPARE(files, 2);
    QCOMPARE(events.all<core::CheckpointPruned>().size(), std::size_t{2});
  }

  void fullDiskLosesNothing() {
    const auto home = freshHome();
    Catalog catalog(home, Catalog::Access::Write);
    const auto run = smallRun();
    catalog.insertRun(run);
    WatchedFiles files;
    files.full = true;
    KeptEvents events;
    Recorder recorder(home, {.run = run}, &events, files);
    const auto record = smallCheckpoint(run, 5);
    recorder.post(taken(record));
    recorder.post(losses(6, 9));
    QVERIFY(errorOf([&] { recorder.flush(); }).find("make room") != std::string::npos);
    QVERIFY(catalog.checkpoints(run.id).empty());
    files.full = false;
    recorder.flush();
    QCOMPARE(catalog.checkpoints(run.id).size(), std::size_t{1});
    QCOMPARE(catalog.metrics(run.id, core::Series::TrainLoss).size(), std::size_t{4});
    QVERIFY(events.all<core::StorageTrouble>().back().recovered);
  }

  void fullQueuePushesBack() {
    const auto home = freshHome();
    Catalog catalog(home, Catalog::Access::Write);
    const auto run = smallRun();
    catalog.insertRun(run);
    WatchedFiles files;
    files.full = true;
    KeptEvents events;
    Recorder recorder(home, {.run = run, .queueLimit = 2000}, &events, files);
    recorder.post(taken(smallCheckpoint(run, 1)));
    auto posting = std::async(std::launch::async, [&] { recorder.post(losses(2, 100)); });
    QVERIFY(posting.wait_for(std::chrono::milliseconds(200)) == std::future_status::timeout);
    bool said = false;
    for (const auto& trouble : events.all<core::StorageTrouble>()) said = said || trouble.waiting;
    QVERIFY(said);
    files.full = false;
    QVERIFY(posting.wait_for(std::chrono::seconds(10)) == std::future_status::ready);
    recorder.flush();
    QCOMPARE(catalog.metrics(run.id, core::Series::TrainLoss).size(), std::size_t{99});
  }

  void identicalStepsAreNotWrittenTwice() {
    const auto home = freshHome();
    Catalog catalog(home, Catalog::Access::Write);
    auto run = smallRun();
    catalog.insertRun(run);
    catalog.appendMetrics(run.id, losses(1, 12).points);
    const auto version = catalog.dataVersion();
    run.status = core::RunStatus::Interrupted;
    KeptEvents events;
    Recorder recorder(home, {.run = run, .startStep = 5}, &events);
    recorder.post(losses(6, 20));
    recorder.flush();
    QVERIFY(catalog.dataVersion() != version);
    QCOMPARE(catalog.metrics(run.id, core::Series::TrainLoss).size(), std::size_t{20});
    const auto check = catalog.run(run.id).resumeCheck;
    QVERIFY(check.has_value());
    QCOMPARE(check->stepsRepeated, std::int64_t{7});
    QCOMPARE(check->identical, std::int64_t{7});
    QVERIFY(events.all<core::StepsRepeated>().back().finished);
  }

  void differingStepsSupersede() {
    const auto home = freshHome();
    Catalog catalog(home, Catalog::Access::Write);
    auto run = smallRun();
    catalog.insertRun(run);
    catalog.appendMetrics(run.id, losses(1, 12).points);
    run.status = core::RunStatus::Interrupted;
    Recorder recorder(home, {.run = run, .startStep = 5}, nullptr);
    recorder.post(losses(6, 8));
    recorder.post(losses(9, 15, 2));
    recorder.flush();
    const auto data = catalog.metrics(run.id, core::Series::TrainLoss);
    QCOMPARE(data.size(), std::size_t{15});
    QCOMPARE(data.value[7], 1.0 / 8);
    QCOMPARE(data.value[8], 2.0 / 9);
    const auto check = catalog.run(run.id).resumeCheck;
    QCOMPARE(check->stepsRepeated, std::int64_t{7});
    QCOMPARE(check->identical, std::int64_t{3});
    QVERIFY(check->firstDifference.starts_with("step 9, train/loss"));
  }

  void identicalCheckpointIsKeptOnce() {
    const auto home = freshHome();
    Catalog catalog(home, Catalog::Access::Write);
    const auto run = smallRun();
    catalog.insertRun(run);
    KeptEvents events;
    Recorder recorder(home, {.run = run}, &events);
    const auto first = smallCheckpoint(run, 5), second = smallCheckpoint(run, 5), third = smallCheckpoint(run, 5);
    recorder.post(taken(first));
    recorder.post(taken(second));
    recorder.post(taken(third, 9.f));
    recorder.flush();
    QCOMPARE(catalog.checkpoints(run.id).size(), std::size_t{2});
    QCOMPARE(events.all<core::CheckpointStored>().at(1).record.id, first.id);
  }
};

CAIRN_TEST(TestRecorder, recorder)
#include "tst_recorder.moc"
