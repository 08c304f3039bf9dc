// Any step that a run took can be reached again: made from the nearest earlier checkpoint, and equal to the record.
#include <QTest>
#include <filesystem>
#include <map>
#include <tuple>

#include "core/error.h"
#include "core/run_history.h"
#include "core/text.h"
#include "job_fixture.h"
#include "storage/checkpoint_files.h"
#include "support/test_registry.h"
#include "support/thrown.h"
#include "training/job.h"

using namespace cairn;
using tests::CountingSink;
using tests::JobFixture;
using tests::messageOf;

namespace {

training::Recreated recreated(const JobFixture& fixture, const std::string& run, std::int64_t step) {
  CountingSink sink;
  auto job = training::Job::recreate(fixture.home(), run, step);
  job->start(sink);
  job->wait();
  return job->recreated().value();
}

/// As retention does: the row stays, the file goes.
void prune(const JobFixture& fixture, const core::CheckpointRecord& checkpoint) {
  fixture.write().setCheckpointState(checkpoint.id, core::CheckpointState::Pruned);
  std::filesystem::remove(checkpoint.path);
}

/// Every checkpoint's hash by its step; all are pruned but those of `kept` steps.
std::map<std::int64_t, std::string> pruneAllBut(const JobFixture& fixture, const std::string& run,
                                                const std::set<std::int64_t>& kept) {
  std::map<std::int64_t, std::string> hashes;
  for (const auto& checkpoint : fixture.read().checkpoints(run)) {
    hashes[checkpoint.step] = checkpoint.hash;
    if (!kept.contains(checkpoint.step)) prune(fixture, checkpoint);
  }
  return hashes;
}

/// What must not change: all of a run's history.
auto historyOf(const JobFixture& fixture, const std::string& id) {
  auto catalog = fixture.read();
  const auto run = catalog.run(id);
  const auto loss = catalog.metrics(id, core::Series::TrainLoss);
  return std::tuple(run.status, run.step, run.epoch, run.best->step, run.best->value, catalog.events(id).size(),
                    loss.step, loss.value, loss.seconds);
}

}  // namespace

class TestRecreate : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { fixture_ = std::make_unique<JobFixture>(); }

  void everyStepIsMadeAgain() {
    const auto run = fixture_->trained({"checkpoints.every_steps=1"});
    const auto hashes = pruneAllBut(*fixture_, run, {5});
    QCOMPARE(hashes.size(), std::size_t{12});
    const auto before = historyOf(*fixture_, run);
    for (const auto& [step, hash] : hashes) {
      if (step == 5) continue;
      const auto made = recreated(*fixture_, run, step);
      QCOMPARE(made.checkpoint.hash, hash);
      QCOMPARE(made.sameState, std::optional(true));
      QVERIFY(made.check.stepsRepeated > 0 && !core::differs(made.check));
      prune(*fixture_, made.checkpoint);  // each starts from step 5, or from the very beginning
    }
    QVERIFY(historyOf(*fixture_, run) == before);
  }

  void aPrunedRowIsReadyAgain() {
    const auto run = fixture_->trained({"checkpoints.keep_last=1"});
    const auto rows = fixture_->read().checkpoints(run);
    const auto pruned = std::find_if(rows.begin(), rows.end(),
                                     [](const auto& row) { return row.state == core::CheckpointState::Pruned; });
    QVERIFY(pruned != rows.end());
    const auto made = recreated(*fixture_, run, pruned->step).checkpoint;
    QCOMPARE(made.id, pruned->id);
    QCOMPARE(made.state, core::CheckpointState::Ready);
    QCOMPARE(made.kind, core::CheckpointKind::Recreated);
    QVERIFY(made.roles.contains("recreated"));
    QCOMPARE(made.hash, pruned->hash);
    auto catalog = fixture_->write();
    storage::verifyCheckpointFile(catalog.files(), made);
    const auto state = storage::readCheckpoint(catalog.files(), made);
    QCOMPARE(state->at("cairn").text("checkpoint"), made.id);
    QCOMPARE(state->at("cairn").text("kind"), std::string("recreated"));
    // Who asked for it may count on it: retention leaves it alone, and a branch starts from it.
    fixture_->finish(training::Job::resume(fixture_->home(), run, {.epochs = 6}));
    QCOMPARE(catalog.checkpoint(made.id).state, core::CheckpointState::Ready);
    const auto branch = fixture_->finish(training::Job::branch(fixture_->home(), made.id));
    QCOMPARE(fixture_->read().run(branch).parentStep, made.step);
  }

  void aStepWithoutARowGetsOne() {
    const auto run = fixture_->trained();
    const auto made = recreated(*fixture_, run, 5);
    QCOMPARE(made.checkpoint.step, std::int64_t{5});
    QVERIFY(!made.sameState.has_value());
    QCOMPARE(made.check.stepsRepeated, std::int64_t{2});  // from step 3
    QCOMPARE(made.check.identical, std::int64_t{2});
    const auto again = recreated(*fixture_, run, 5);
    QVERIFY(again.wasThere);
    QCOMPARE(again.checkpoint.id, made.checkpoint.id);
    QCOMPARE(again.sameState, std::optional(true));
  }

  void aLiveLrIsReplayed() {
    CountingSink sink;
    auto job =
        training::Job::train(fixture_->home(), fixture_->spec({"checkpoints.every_steps=1", "training.epochs=40"}));
    const auto run = job->run();
    sink.act = [&](const core::Event& event) {
      if (const auto* taken = std::get_if<core::CheckpointTaken>(&event); taken && taken->record.step == 4)
        job->setLr(0.05);
    };
    job->start(sink);
    job->wait();
    job.reset();  // and with it the lock
    std::int64_t changed = 0;
    for (const auto& event : fixture_->read().events(run))
      if (event.kind == "lr") changed = event.step;
    QVERIFY(changed > 4 && changed < 120);
    const auto hashes = pruneAllBut(*fixture_, run, {});
    for (const auto step : {changed - 1, changed, changed + 3}) {
      const auto made = recreated(*fixture_, run, step);
      QCOMPARE(made.checkpoint.hash, hashes.at(step));
      QVERIFY(!core::differs(made.check));
      prune(*fixture_, made.checkpoint);
    }
  }

  /// A checkpoint taken at a pause, after lr was changed there: the state at its step is another than before.
  void aChangeWhilePausedIsFound() {
    CountingSink sink;
    auto job =
        training::Job::train(fixture_->home(), fixture_->spec({"training.epochs=1000", "checkpoints.every_epochs=0"}));
    const auto run = job->run();
    std::atomic<bool> paused{false};
    sink.act = [&](const core::Event& event) {
      const auto* change = std::get_if<core::SessionStateChanged>(&event);
      if (change && change->state == core::SessionState::Paused) paused = true;
    };
    job->start(sink);
    QTRY_VERIFY_WITH_TIMEOUT(sink.lastStep > 5, 30000);
    job->pause();
    QTRY_VERIFY_WITH_TIMEOUT(paused.load(), 30000);
    const auto before = sink.stored.load();
    job->setLr(0.003);
    job->checkpointNow();
    QTRY_VERIFY_WITH_TIMEOUT(sink.stored.load() > before, 30000);
    job->stop();
    job->wait();
    job.reset();
    const auto step = fixture_->read().run(run).step;
    const auto rows = fixture_->read().readyAt(run, step);
    QCOMPARE(rows.size(), std::size_t{2});
    QVERIFY(rows[0].hash != rows[1].hash);
    for (const auto& row : rows) prune(*fixture_, row);
    const auto first = recreated(*fixture_, run, step);
    QCOMPARE(first.sameState, std::optional(true));
    QVERIFY(first.checkpoint.id == rows[0].id || first.checkpoint.id == rows[1].id);
  }

  void aRunTrainedLongerAfterStoppingEarly() {
    // A patience of one epoch and a great min_delta: it stops early, at once.
    const std::vector<std::string> settings{"early_stopping.patience=1", "early_stopping.min_delta=1000",
                                            "checkpoints.every_steps=1", "training.epochs=20",
                                            R"(lr_scheduler={"type": "CosineAnnealingLR", "warmup_steps": 2})"};
    const auto run = fixture_->trained(settings);
    const auto stopped = fixture_->read().run(run).step;
    QVERIFY(stopped < 60);
    fixture_->finish(training::Job::resume(fixture_->home(), run, {.epochs = 20}));  // as before, and patience begins anew
    const auto again = fixture_->read().run(run).step;
    QVERIFY(again > stopped);
    fixture_->finish(training::Job::resume(fixture_->home(), run, {.epochs = 30}));
    const auto longer = fixture_->read().run(run);
    QVERIFY(longer.step > again);
    fixture_->finish(training::Job::resume(fixture_->home(), run, {.epochs = 40}));
    const auto whole = fixture_->read().run(run);
    QVERIFY(whole.step > longer.step);
    const auto hashes = pruneAllBut(*fixture_, run, {});
    for (const auto step : {stopped - 1, stopped, stopped + 1, again, again + 1, longer.step, longer.step + 1, whole.step}) {
      const auto made = recreated(*fixture_, run, step);  // all the way from step 0
      QCOMPARE(made.checkpoint.hash, hashes.at(step));
      QCOMPARE(made.check.stepsRepeated, step);
      QVERIFY(!core::differs(made.check));
      prune(*fixture_, made.checkpoint);
    }
  }

  void aBranchStartsFromItsParent() {
    const auto parent = fixture_->trained();
    const auto from = fixture_->read().checkpoints(parent).front();
    for (const bool reset : {false, true}) {
      const auto run = fixture_->finish(training::Job::branch(
          fixture_->home(), from.id, {.spec = fixture_->spec({"optimizer.lr=0.003"}), .resetOptimizer = reset}));
      const auto hashes = pruneAllBut(*fixture_, run, {});
      const auto made = recreated(*fixture_, run, 9);
      QCOMPARE(made.checkpoint.hash, hashes.at(9));
      QCOMPARE(made.check.stepsRepeated, 9 - from.step);
      QVERIFY(!core::differs(made.check));
      const auto why = messageOf([&] { training::Job::recreate(fixture_->home(), run, from.step); });
      QVERIFY2(why.find("branches off") != std::string::npos, why.c_str());
    }
  }

  void aDivergedRunIsMadeAgainUpToItsLastWholeStep() {
    const std::vector<std::string> settings{R"(optimizer={"type": "SGD", "lr": 1e25})", "checkpoints.every_steps=1"};
    auto job = training::Job::train(fixture_->home(), fixture_->spec(settings));
    const auto run = job->run();
    CountingSink sink;
    job->start(sink);
    QVERIFY_EXCEPTION_THROWN(job->wait(), Error);
    job.reset();
    const auto failed = fixture_->read().run(run);
    QCOMPARE(failed.status, core::RunStatus::Failed);
    QVERIFY(failed.step >= 2);
    QVERIFY(!messageOf([&] { training::Job::recreate(fixture_->home(), run, failed.step); }).empty());
    const auto made = recreated(*fixture_, run, failed.step - 1);
    QCOMPARE(made.check.stepsRepeated, made.check.identical);
    QCOMPARE(fixture_->read().run(run).status, core::RunStatus::Failed);
  }

  void aDifferenceIsSaidAndTheRecordStays() {
    const auto run = fixture_->trained();
    {
      auto catalog = fixture_->write();
      auto loss = catalog.metrics(run, core::Series::TrainLoss, true, 4);
      catalog.supersedeMetrics(run, 4);
      catalog.appendMetrics(run, std::vector<core::MetricPoint>{{core::Series::TrainLoss, 5, 1, 0.1, 123.0}});
      catalog.setProgress(run, 12, 4);
    }
    const auto made = recreated(*fixture_, run, 5);
    QVERIFY(core::differs(made.check));
    QVERIFY2(made.check.firstDifference.find("step 5, train/loss: 123 on record") != std::string::npos,
             made.check.firstDifference.c_str());
    QVERIFY(made.checkpoint.note.find("not as on record") != std::string::npos);
    QCOMPARE(fixture_->read().metrics(run, core::Series::TrainLoss).value.back(), 123.0);
  }

  void aStateThatDiffersBecomesARowOfItsOwn() {
    const auto run = fixture_->trained({"checkpoints.keep_last=1"});
    auto rows = fixture_->read().checkpoints(run);
    const auto other = fixture_->trained({"checkpoints.keep_last=1", "optimizer.lr=0.02"});
    // The row of step 3 says the state of another run.
    auto foreign = fixture_->read().checkpoints(other).front();
    foreign.id = core::newId();
    foreign.run = run;
    foreign.step = 5;
    foreign.state = core::CheckpointState::Pruned;
    foreign.roles = {"periodic"};
    foreign.path = fixture_->home().checkpointFile(run, 5, foreign.id).string();
    fixture_->write().insertCheckpoint(foreign);
    const auto made = recreated(*fixture_, run, 5);
    QCOMPARE(made.sameState, std::optional(false));
    QVERIFY(made.checkpoint.id != foreign.id);
    QVERIFY(!core::differs(made.check));
    QCOMPARE(fixture_->read().checkpoint(foreign.id).state, core::CheckpointState::Pruned);
  }

  void aDamagedSourceIsPassedOver() {
    const auto run = fixture_->trained();
    const auto rows = fixture_->read().checkpoints(run);
    JobFixture::flipByte(rows[1].path, rows[1].bytes / 2);
    const auto made = recreated(*fixture_, run, 7);  // its nearest is that of step 6
    QCOMPARE(made.check.stepsRepeated, std::int64_t{4});
    QVERIFY(!core::differs(made.check));
    QCOMPARE(fixture_->read().checkpoint(rows[1].id).state, core::CheckpointState::Damaged);
  }

  void stoppingItLeavesNothing() {
    const auto run = fixture_->trained({"training.epochs=300", "checkpoints.every_epochs=0"});
    const auto rows = fixture_->read().checkpoints(run).size();
    auto job = training::Job::recreate(fixture_->home(), run, 890);
    CountingSink sink;
    sink.act = [&](const core::Event& event) {
      if (std::holds_alternative<core::TrainingStarted>(event)) job->stop();
    };
    job->start(sink);
    QCOMPARE(job->wait(), core::SessionState::Stopped);
    QVERIFY(!job->recreated());
    QCOMPARE(fixture_->read().checkpoints(run).size(), rows);
    QCOMPARE(fixture_->read().run(run).status, core::RunStatus::Completed);
  }

  void whatIsNoStepOfTheRunIsRefused() {
    const auto run = fixture_->trained();
    for (const std::int64_t step : {std::int64_t{0}, std::int64_t{13}, std::int64_t{-4}})
      QVERIFY(!messageOf([&] { training::Job::recreate(fixture_->home(), run, step); }).empty());
    QVERIFY(!messageOf([&] { training::Job::recreate(fixture_->home(), "no such run", 3); }).empty());
    auto part = training::Job::resume(fixture_->home(), run, {.epochs = 5});
    const auto why = messageOf([&] { training::Job::recreate(fixture_->home(), run, 3); });
    QVERIFY2(why.find("is training it") != std::string::npos, why.c_str());
  }

 private:
  std::unique_ptr<JobFixture> fixture_;
};

CAIRN_TEST(TestRecreate, recreate)
#include "tst_recreate.moc"
