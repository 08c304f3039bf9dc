// Data that changed or moved since the checkpoint is said before a resume does anything; and what a resume says of a
// run that failed because its numbers ran away.
#include <QTest>
#include <filesystem>

#include "core/error.h"
#include "core/error_codes.h"
#include "core/run_history.h"
#include "job_fixture.h"
#include "support/test_registry.h"
#include "support/thrown.h"
#include "training/job.h"
#include "training/run_data.h"

using namespace cairn;
using tests::CountingSink;
using tests::errorOf;
using tests::JobFixture;

class TestResumeData : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    fixture_ = std::make_unique<JobFixture>();
    auto part = training::Job::train(fixture_->home(), fixture_->spec(), 7);
    run_ = part->run();
    JobFixture::finish(std::move(part));
  }

  void changedDataIsSaidBeforeAnythingIsDone() {
    tests::writeClusters(data(), 130);
    const auto events = fixture_->read().events(run_).size();
    const auto error = errorOf([&] { training::Job::resume(fixture_->home(), run_); });
    QVERIFY(error && error->code() == kDataChanged);
    QVERIFY2(std::string(error->what()).find("clusters.csv") != std::string::npos, error->what());
    QCOMPARE(fixture_->read().run(run_).status, core::RunStatus::Paused);
    QCOMPARE(fixture_->read().events(run_).size(), events);
  }

  void changedDataCanBeAccepted() {
    tests::writeClusters(data(), 130);
    JobFixture::finish(training::Job::resume(fixture_->home(), run_, {.acceptChangedData = true}));
    auto catalog = fixture_->read();
    QCOMPARE(catalog.run(run_).status, core::RunStatus::Completed);
    const auto events = catalog.events(run_);
    QVERIFY(std::any_of(events.begin(), events.end(), [](const auto& event) { return event.kind == "data_changed"; }));
    const auto changes = core::changesSinceResume(events);
    QVERIFY(
        std::any_of(changes.begin(), changes.end(), [](const auto& change) { return change.starts_with("data: "); }));
    // Its newest checkpoint is of the new data: no question the next time.
    JobFixture::finish(training::Job::resume(fixture_->home(), run_, {.epochs = 5}));
  }

  void stepsOnAcceptedDataAreRepeatedToo() {
    tests::writeClusters(data(), 130);
    JobFixture::finish(training::Job::resume(fixture_->home(), run_, {.maxSteps = 11, .acceptChangedData = true}));
    auto catalog = fixture_->write();
    // As if it had been killed before its next checkpoint: the person was asked already.
    for (const auto& checkpoint : catalog.checkpoints(run_)) {
      if (checkpoint.step <= 7) continue;
      catalog.setCheckpointState(checkpoint.id, core::CheckpointState::Pruned);
      std::filesystem::remove(checkpoint.path);
    }
    CountingSink sink;
    auto job = training::Job::recreate(fixture_->home(), run_, 9);
    job->start(sink);
    job->wait();
    QCOMPARE(job->recreated()->check.stepsRepeated, std::int64_t{2});
    QCOMPARE(job->recreated()->check.identical, std::int64_t{2});
    job.reset();
    std::filesystem::remove(catalog.findCheckpoint(run_ + "@9").path);
    JobFixture::finish(training::Job::resume(fixture_->home(), run_));
    QCOMPARE(catalog.run(run_).resumeCheck->stepsRepeated, std::int64_t{4});
    QCOMPARE(catalog.run(run_).resumeCheck->identical, std::int64_t{4});
    const auto events = catalog.events(run_);
    QCOMPARE(
        std::count_if(events.begin(), events.end(), [](const auto& event) { return event.kind == "data_changed"; }), 1);
  }

  void acceptingChangesNothingWhileTheDataIsTheSame() {
    JobFixture::finish(training::Job::resume(fixture_->home(), run_, {.acceptChangedData = true}));
    for (const auto& event : fixture_->read().events(run_)) QVERIFY(event.kind != "data_changed");
  }

  void movedDataIsPointedAt() {
    const auto whole = fixture_->trained();
    const auto away = fixture_->root() / "elsewhere";
    std::filesystem::create_directory(away);
    std::filesystem::rename(data(), away / "clusters.csv");
    const auto error = errorOf([&] { training::Job::resume(fixture_->home(), run_); });
    QVERIFY(error && error->code() == kDataMissing);
    QCOMPARE(fixture_->read().run(run_).status, core::RunStatus::Paused);

    const auto moved = training::movedTo(fixture_->read().run(run_).spec.data, away.string());
    QCOMPARE(training::dataFiles(moved), std::vector<std::string>{(away / "clusters.csv").string()});
    JobFixture::finish(training::Job::resume(fixture_->home(), run_, {.data = moved}));
    auto catalog = fixture_->read();
    QCOMPARE(training::dataFiles(catalog.run(run_).spec.data).front(), (away / "clusters.csv").string());
    QCOMPARE(catalog.newestReady(run_)->hash, catalog.newestReady(whole)->hash);
    const auto events = catalog.events(run_);
    QVERIFY(std::any_of(events.begin(), events.end(), [](const auto& event) { return event.kind == "data_moved"; }));
  }

  void otherDataSomewhereElseIsNotTaken() {
    const auto other = fixture_->root() / "other.csv";
    tests::writeClusters(other, 60);
    const auto moved = training::movedTo(fixture_->spec().data, other.string());
    const auto error = errorOf([&] { training::Job::resume(fixture_->home(), run_, {.data = moved}); });
    QVERIFY(error && error->code() == kDataChanged);
    QCOMPARE(training::dataFiles(fixture_->read().run(run_).spec.data).front(), data().string());
  }

  void severalFilesMoveByTheirFolder() {
    core::DataSpec images;
    images.source = core::IdxData{"/a/train-images", "/a/train-labels", "/a/test-images", "/b/test-labels"};
    const auto moved = training::movedTo(images, fixture_->folder.path().toStdString());
    const auto root = fixture_->root();
    QCOMPARE(training::dataFiles(moved), (std::vector<std::string>{root / "train-images", root / "train-labels",
                                                                   root / "test-images", root / "test-labels"}));
    const auto error = errorOf([&] { training::movedTo(images, data().string()); });
    QVERIFY(error && error->kind() == ErrorKind::Invalid);
  }

  void aRunWithoutACheckpointGoesOnWithItsThreads() {
    // As if it had been killed before its first checkpoint.
    auto catalog = fixture_->write();
    for (const auto& checkpoint : catalog.checkpoints(run_)) {
      catalog.setCheckpointState(checkpoint.id, core::CheckpointState::Pruned);
      std::filesystem::remove(checkpoint.path);
    }
    catalog.setSpec(run_, fixture_->spec({"training.threads=auto"}));
    catalog.setPlan(run_, 12, "cpu", 3);
    JobFixture::finish(training::Job::resume(fixture_->home(), run_));
    QCOMPARE(catalog.run(run_).threads, 3);
    QCOMPARE(catalog.run(run_).resumeCheck->stepsRepeated, std::int64_t{7});
  }

  void aRunThatDivergedIsKnownAndResumeSaysSo() {
    auto job = training::Job::train(fixture_->home(), fixture_->spec({R"(optimizer={"type": "SGD", "lr": 1e25})"}));
    const auto run = job->run();
    CountingSink sink;
    job->start(sink);
    QVERIFY_EXCEPTION_THROWN(job->wait(), Error);
    job.reset();
    auto catalog = fixture_->read();
    const auto failed = catalog.run(run);
    QCOMPARE(core::divergedAt(failed, catalog.events(run)), std::optional(failed.step));
    QCOMPARE(core::divergedAt(catalog.run(run_), catalog.events(run_)), std::nullopt);
    auto again = training::Job::resume(fixture_->home(), run);
    QCOMPARE(again->warnings().size(), std::size_t{1});
    QVERIFY2(again->warnings()[0].find("fails there again") != std::string::npos, again->warnings()[0].c_str());
    again->start(sink);
    QVERIFY_EXCEPTION_THROWN(again->wait(), Error);
    const auto after = fixture_->read().run(run);
    QCOMPARE(after.step, failed.step);
    QCOMPARE(after.resumeCheck->identical, after.resumeCheck->stepsRepeated);
  }

 private:
  std::filesystem::path data() const { return fixture_->root() / "clusters.csv"; }

  std::unique_ptr<JobFixture> fixture_;
  std::string run_;
};

CAIRN_TEST(TestResumeData, resume_data)
#include "tst_resume_data.moc"
