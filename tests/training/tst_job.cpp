#include <unistd.h>

#include <QProcess>
#include <QTest>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "job_fixture.h"
#include "storage/checkpoint_files.h"
#include "support/test_registry.h"
#include "training/job.h"

using namespace cairn;
using tests::CountingSink;
using tests::JobFixture;

namespace {

/// The run's model as a person would write it in Python; takes up its last checkpoint and trains a step.
constexpr const char* kGoOnInPython = R"(
import sys, torch
from torch import nn
old = torch.__version__.startswith('1.')
t = torch.load(sys.argv[1]) if old else torch.load(sys.argv[1], weights_only=True)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 2))
    def forward(self, x):
        return self.layers(x)
net = Net()
net.load_state_dict(t['model_state_dict'])
optimizer = torch.optim.Adam(net.parameters(), lr=1)
optimizer.load_state_dict(t['optimizer_state_dict'])
group = optimizer.param_groups[0]
assert group['lr'] == 0.01 and tuple(group['betas']) == (0.9, 0.999), group
assert [float(optimizer.state[p]['step']) for p in net.parameters()] == [t['step']] * 4
assert all(optimizer.state[p]['exp_avg'].shape == p.shape for p in net.parameters())
torch.set_rng_state(t['rng_state']['cpu'])
assert torch.equal(torch.get_rng_state(), t['rng_state']['cpu'])
before = [p.detach().clone() for p in net.parameters()]
nn.functional.cross_entropy(net(torch.ones(4, 2)), torch.zeros(4, dtype=torch.long)).backward()
optimizer.step()
assert all(not torch.equal(a, b) for a, b in zip(before, net.parameters()))
assert t['epoch'] == 4 and t['loss'] > 0 and 0 < t['metrics']['val/loss'] < 1, t['metrics']
assert t['lr_scheduler_state_dict'] is None and t['cairn']['classes'] == ['left', 'right']
)";

}  // namespace

class TestJob : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { fixture_ = std::make_unique<JobFixture>(); }

  void trainsToTheEndAndStoresCheckpoints() {
    CountingSink sink;
    auto job = training::Job::train(home(), spec());
    job->start(sink);
    QCOMPARE(job->wait(), core::SessionState::Completed);
    auto catalog = read();
    const auto run = catalog.run(job->run());
    QCOMPARE(run.status, core::RunStatus::Completed);
    QCOMPARE(run.step, run.totalSteps);
    QCOMPARE(run.epoch, std::int64_t{4});
    QVERIFY(sink.stored >= 4);
    QVERIFY(run.best.has_value());
    const auto checkpoints = catalog.checkpoints(run.id);
    for (const auto& checkpoint : checkpoints)
      if (checkpoint.state == core::CheckpointState::Ready) QVERIFY(std::filesystem::exists(checkpoint.path));
    QVERIFY(checkpoints.back().roles.contains("final"));
    QVERIFY(std::filesystem::exists(home().catalogBackup()));
  }

  void withoutValidationCatalogAndEngineAgreeOnTheBest() {
    auto json = nlohmann::json::parse(core::toJson(spec()).dump());
    json["data"]["validation_fraction"] = 0;
    json["checkpoints"]["monitor"] = "train/loss";
    json["checkpoints"]["keep_last"] = 0;
    CountingSink sink;
    auto job = training::Job::train(home(), core::parseRunSpec(json, "/"));
    job->start(sink);
    job->wait();
    auto catalog = read();
    const auto run = catalog.run(job->run());
    const auto checkpoint = catalog.findCheckpoint(run.id + "@best");
    const auto state = storage::readCheckpoint(catalog.files(), checkpoint);
    const auto& engines = state->at("cairn").at("early_stopping");
    QCOMPARE(engines.integer("best_step"), checkpoint.step);
    QCOMPARE(std::optional(engines.number("best")), checkpoint.monitored);
    QCOMPARE(run.best->step, checkpoint.step);
    QCOMPARE(run.best->value, *checkpoint.monitored);
    const auto last = storage::readCheckpoint(catalog.files(), *catalog.newestReady(run.id));
    QCOMPARE(last->at("cairn").at("early_stopping").integer("best_step"), checkpoint.step);
  }

  void pythonGoesOnFromItsCheckpoint() {
    // CAIRN_PYTHON: another interpreter, to try a newer PyTorch.
    const auto python = qEnvironmentVariable("CAIRN_PYTHON", "/usr/bin/python3");
    QProcess probe;
    probe.start(python, {"-c", "import torch"});
    if (!probe.waitForFinished(60'000) || probe.exitCode() != 0) QSKIP("python3 has no torch");
    const auto run = finish(training::Job::train(home(), spec()));
    QProcess process;
    process.start(python, {"-c", kGoOnInPython, QString::fromStdString(read().newestReady(run)->path)});
    QVERIFY(process.waitForFinished(120'000));
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError());
  }

  void resumingAfterMaxStepsEqualsTheUninterruptedRun() {
    const auto whole = finish(training::Job::train(home(), spec()));
    auto part = training::Job::train(home(), spec(), 7);
    const auto id = part->run();
    finish(std::move(part));
    QCOMPARE(read().run(id).status, core::RunStatus::Paused);
    QCOMPARE(read().run(id).step, std::int64_t{7});
    finish(training::Job::resume(home(), id, {.maxSteps = 8}));
    finish(training::Job::resume(home(), id));
    auto catalog = read();
    for (const auto series :
         {core::Series::TrainLoss, core::Series::ValLoss, core::Series::GradNorm, core::Series::Lr}) {
      const auto a = catalog.metrics(whole, series);
      const auto b = catalog.metrics(id, series);
      QVERIFY(!a.step.empty());
      QCOMPARE(a.step, b.step);
      QCOMPARE(a.value, b.value);
    }
    QCOMPARE(catalog.newestReady(whole)->hash, catalog.newestReady(id)->hash);
  }

  void aCompletedRunStaysUnlessTrainedLonger() {
    const auto id = finish(training::Job::train(home(), spec()));
    QVERIFY(training::Job::resume(home(), id) == nullptr);
    QVERIFY_EXCEPTION_THROWN(training::Job::resume(home(), id, {.epochs = 2}), Error);
    finish(training::Job::resume(home(), id, {.epochs = 6}));
    auto catalog = read();
    QCOMPARE(catalog.run(id).epoch, std::int64_t{6});
    QCOMPARE(catalog.run(id).status, core::RunStatus::Completed);
    const auto events = catalog.events(id);
    QVERIFY(std::any_of(events.begin(), events.end(), [](const auto& event) { return event.kind == "train_longer"; }));
  }

  void aDamagedCheckpointIsPassedOver() {
    auto part = training::Job::train(home(), spec(), 9);
    const auto id = part->run();
    finish(std::move(part));
    const auto newest = *read().newestReady(id);
    JobFixture::flipByte(newest.path, newest.bytes / 2);
    auto job = training::Job::resume(home(), id);
    QCOMPARE(job->warnings().size(), std::size_t{1});
    QVERIFY(job->startStep() < newest.step);
    finish(std::move(job));
    QCOMPARE(read().checkpoint(newest.id).state, core::CheckpointState::Damaged);
    QCOMPARE(read().run(id).status, core::RunStatus::Completed);
    QCOMPARE(read().run(id).resumeCheck->stepsRepeated, read().run(id).resumeCheck->identical);
  }

  void onlyOneTrainsARun() {
    auto part = training::Job::train(home(), spec(), 3);
    const auto id = part->run();
    try {
      training::Job::resume(home(), id);
      QFAIL("it trains twice");
    } catch (const Error& error) {  // it names who has the run
      const std::string why = error.why();
      QVERIFY2(why.find("process " + std::to_string(::getpid()) + " (tst_training on ") == 0, why.c_str());
      QVERIFY2(why.ends_with(" is training it"), why.c_str());
    }
    finish(std::move(part));
    QVERIFY(training::Job::resume(home(), id) != nullptr);
  }

  void aBranchLeavesItsParentAlone() {
    const auto parent = finish(training::Job::train(home(), spec()));
    const auto before = read().checkpoints(parent);
    const auto from = before.front();
    auto branched = spec();
    std::get<core::AdamOptions>(branched.optimizer).lr = 0.003;
    auto job = training::Job::branch(home(), from.id, {.spec = branched});
    const auto id = job->run();
    finish(std::move(job));
    auto catalog = read();
    const auto run = catalog.run(id);
    QCOMPARE(run.name, std::string("lr 0.01 → 0.003"));
    QCOMPARE(run.parentCheckpoint, from.id);
    QCOMPARE(catalog.metrics(id, core::Series::TrainLoss).step.front(), from.step + 1);
    QCOMPARE(catalog.metrics(id, core::Series::TrainLoss, false).step.front(), std::int64_t{1});
    QCOMPARE(catalog.metrics(id, core::Series::Lr).value.front(), 0.003);
    const auto after = catalog.checkpoints(parent);
    QCOMPARE(after.size(), before.size());
  }

  void aFailureIsToldAndKept() {
    auto bad = spec();
    std::get<core::CsvData>(bad.data.source).path = (fixture_->root() / "absent.csv").string();
    CountingSink sink;
    auto job = training::Job::train(home(), bad);
    job->start(sink);
    QVERIFY_EXCEPTION_THROWN(job->wait(), Error);
    const auto run = read().run(job->run());
    QCOMPARE(run.status, core::RunStatus::Failed);
    QVERIFY(run.failure.find("absent.csv") != std::string::npos);
  }

  void stoppingSavesACheckpoint() {
    auto longer = spec();
    longer.training.epochs = 100000;
    CountingSink sink;
    auto job = training::Job::train(home(), longer);
    job->start(sink);
    QTRY_VERIFY_WITH_TIMEOUT(sink.lastStep > 20, 30000);
    job->setLr(0.5);
    job->stop();
    QCOMPARE(job->wait(), core::SessionState::Stopped);
    auto catalog = read();
    const auto run = catalog.run(job->run());
    QCOMPARE(run.status, core::RunStatus::Stopped);
    QCOMPARE(catalog.newestReady(run.id)->step, run.step);
  }

 private:
  storage::Home home() const { return fixture_->home(); }
  storage::Catalog read() const { return fixture_->read(); }
  core::RunSpec spec() const { return fixture_->spec(); }
  static std::string finish(std::unique_ptr<training::Job> job) { return JobFixture::finish(std::move(job)); }

  std::unique_ptr<JobFixture> fixture_;
};

CAIRN_TEST(TestJob, job)
#include "tst_job.moc"
