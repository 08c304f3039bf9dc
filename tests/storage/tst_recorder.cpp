#include <QTest>
#include <future>

#include "storage/retention.h"
#include "storage/torch_file.h"
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

  static core::RunRecord keeping(std::int64_t last, std::int64_t best) {
    auto run = smallRun();
    run.spec.checkpoints.keepLast = last;
    run.spec.checkpoints.keepBest = best;
    return run;
  }
  /// One every step, its value falling to step 700 and rising after it; at 40 one by hand.
  static std::vector<core::CheckpointTaken> burst(const core::RunRecord& run, int count) {
    std::vector<core::CheckpointTaken> all;
    for (int step = 1; step <= count; ++step) {
      auto record = smallCheckpoint(run, step);
      record.metrics["val/loss"] = 1 + std::abs(step - 700);
      if (step == 40) record.roles = {std::string(core::toText(record.kind = core::CheckpointKind::Manual))};
      all.push_back(taken(record, static_cast<float>(step)));
    }
    return all;
  }
  /// What would stay if each were stored and retention asked after each.
  static std::set<std::string> keptOneByOne(const core::RunRecord& run, const std::vector<core::CheckpointTaken>& all) {
    std::vector<storage::RetentionRow> ready;
    for (const auto& [record, state, stall] : all) {
      ready.push_back({record.id, record.step, record.roles, false, record.metrics.at("val/loss")});
      for (const auto& id : storage::prunable(ready, run.spec.checkpoints, {"val/loss", core::Mode::Min}))
        std::erase_if(ready, [&](const auto& row) { return row.id == id; });
    }
    std::set<std::string> ids;
    for (const auto& row : ready) ids.insert(row.id);
    return ids;
  }
  /// The disk is full until all are posted, so that they queue up. Returns how many files were made.
  static auto storeAtOnce(const storage::Home& home, const core::RunRecord& run,
                          const std::vector<core::CheckpointTaken>& all, KeptEvents& events) {
    WatchedFiles files;
    files.full = true;
    Recorder recorder(home, {.run = run}, &events, files);
    for (const auto& one : all) {
      recorder.post(losses(one.record.step, one.record.step));
      recorder.post(one);
    }
    files.full = false;
    recorder.flush();
    const auto done = files.done();
    return std::count_if(done.begin(), done.end(), [](const auto& what) { return what.starts_with("create"); });
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

  void burstWritesOnlyWhatStays() {
    const auto home = freshHome();
    Catalog catalog(home, Catalog::Access::Write);
    const auto run = keeping(5, 1);
    catalog.insertRun(run);
    const auto all = burst(run, 2000);
    KeptEvents events;
    const auto writes = storeAtOnce(home, run, all, events);
    QVERIFY2(writes <= 20, qPrintable(QString::number(writes)));
    const auto kept = keptOneByOne(run, all);
    QCOMPARE(kept.size(), std::size_t{7});  // the last 5, step 40 by hand, step 700 as the best
    const auto records = catalog.checkpoints(run.id);
    QCOMPARE(records.size(), all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto& record = records[i];
      QCOMPARE(record.id, all[i].record.id);
      const bool stays = kept.contains(record.id);
      QCOMPARE(record.state, stays ? core::CheckpointState::Ready : core::CheckpointState::Pruned);
      QCOMPARE(catalog.files().exists(record.path), stays);
      QCOMPARE(record.hash, storage::stateHash(*all[i].state));
      QCOMPARE(record.metrics, all[i].record.metrics);
      QCOMPARE(record.roles.contains("best"), record.step == 700);
    }
    QCOMPARE(catalog.findCheckpoint(run.id + "@best").step, std::int64_t{700});
    QCOMPARE(catalog.metrics(run.id, core::Series::TrainLoss).size(), all.size());
    std::set<std::string> pruned;
    for (const auto& event : events.all<core::CheckpointPruned>()) pruned.insert(event.checkpoint);
    QCOMPARE(pruned.size(), all.size() - kept.size());
    QCOMPARE(events.all<core::CheckpointStored>().size(), static_cast<std::size_t>(writes));
  }

  void burstIsWrittenWholeWhereAllAreKept() {
    const auto home = freshHome();
    Catalog catalog(home, Catalog::Access::Write);
    const auto run = keeping(0, 1);
    catalog.insertRun(run);
    KeptEvents events;
    QCOMPARE(storeAtOnce(home, run, burst(run, 60), events), std::ptrdiff_t{60});
    for (const auto& record : catalog.checkpoints(run.id)) QVERIFY(catalog.files().exists(record.path));
  }

  void theBestFollowsTheEpochsMeanNotABatch() {
    const auto home = freshHome();
    Catalog catalog(home, Catalog::Access::Write);
    auto run = smallRun();
    run.spec.data.validationFraction = 0;
    run.spec.checkpoints.monitor = "train/loss";
    catalog.insertRun(run);
    Recorder recorder(home, {.run = run}, nullptr);
    const auto epochEnds = [&](int step, std::optional<double> monitored) {
      recorder.post(losses(step - 1, step, step == 4 ? 0.001 : 1));  // the least batch losses are not the best epoch's
      auto record = smallCheckpoint(run, step);
      record.metrics["train/loss"] = step == 4 ? 0.001 : 1.0;
      record.monitored = monitored;
      recorder.post(taken(record, static_cast<float>(step)));
      return record.id;
    };
    epochEnds(2, 0.9);
    epochEnds(4, 0.8);
    const auto best = epochEnds(6, 0.7);
    epochEnds(7, std::nullopt);
    recorder.flush();
    QCOMPARE(catalog.findCheckpoint(run.id + "@best").id, best);
    QCOMPARE(catalog.checkpoint(best).monitored, std::optional(0.7));
    const auto value = catalog.run(run.id).best;
    QVERIFY(value.has_value());
    QCOMPARE(value->step, std::int64_t{6});
    QCOMPARE(value->metric, std::string("train/loss"));
    QCOMPARE(value->value, 0.7);
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
    QVERIFY(messageOf([&] { recorder.flush(); }).find("make room") != std::string::npos);
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

  void validationOfTheStartIsCompared_data() {
    QTest::addColumn<double>("again");
    QTest::newRow("identical") << 0.5;
    QTest::newRow("another") << 0.25;
  }
  void validationOfTheStartIsCompared() {
    QFETCH(double, again);
    const auto home = freshHome();
    Catalog catalog(home, Catalog::Access::Write);
    auto run = smallRun();
    catalog.insertRun(run);
    const auto validated = [](double value) {
      return core::MetricsMeasured{{{core::Series::ValLoss, 5, 1, 0.0, value}}};
    };
    catalog.appendMetrics(run.id, losses(1, 5).points);
    catalog.appendMetrics(run.id, validated(0.5).points);
    run.status = core::RunStatus::Interrupted;
    KeptEvents events;
    Recorder recorder(home, {.run = run, .startStep = 5}, &events);
    recorder.post(validated(again));
    recorder.flush();
    recorder.post(losses(6, 8));
    recorder.flush();
    QCOMPARE(catalog.metrics(run.id, core::Series::TrainLoss).size(), std::size_t{8});
    QCOMPARE(catalog.metrics(run.id, core::Series::ValLoss).size(), std::size_t{1});
    const auto check = catalog.run(run.id).resumeCheck;
    QVERIFY(check.has_value());
    const bool same = again == 0.5;
    QCOMPARE(check->stepsRepeated, std::int64_t{same ? 0 : 1});
    QCOMPARE(check->identical, std::int64_t{0});
    QCOMPARE(check->firstDifference.empty(), same);
    if (!same) QVERIFY(check->firstDifference.starts_with("step 5, val/loss"));
    QVERIFY(events.all<core::StepsRepeated>().back().finished);
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
