#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/events.h"
#include "storage/catalog.h"
#include "storage/checkpoint_files.h"
#include "support/test_registry.h"
#include "training/job.h"

using namespace cairn;

namespace {

/// Counts what arrives, and may act on the training thread's events through `act`.
class CountingSink : public core::EventSink {
 public:
  void post(const core::Event& event) override {
    if (std::holds_alternative<core::CheckpointStored>(event)) ++stored;
    if (const auto* batch = std::get_if<core::MetricsMeasured>(&event))
      for (const auto& point : batch->points) lastStep = point.step;
    if (act) act(event);
  }
  std::atomic<int> stored{0};
  std::atomic<std::int64_t> lastStep{0};
  std::function<void(const core::Event&)> act;
};

/// Two interleaved half circles would need a net; two noisy clusters do for a job.
void writeClusters(const std::filesystem::path& file) {
  std::ofstream out(file);
  out << "x,y,side\n";
  for (int i = 0; i < 120; ++i) {
    const double turn = i * 2.399963;
    const double side = i % 2 ? 1.0 : -1.0;
    out << side + std::cos(turn) << ',' << side - std::sin(turn) << ',' << (i % 2 ? "right" : "left") << '\n';
  }
}

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
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    root_ = folder_->path().toStdString();
    writeClusters(root_ / "clusters.csv");
  }

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
    for (const auto series : {core::Series::TrainLoss, core::Series::ValLoss, core::Series::GradNorm, core::Series::Lr}) {
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
    flipByte(newest.path, newest.bytes / 2);
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
    QVERIFY_EXCEPTION_THROWN(training::Job::resume(home(), id), Error);
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
    std::get<core::CsvData>(bad.data.source).path = (root_ / "absent.csv").string();
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
  storage::Home home() const { return storage::Home(root_ / "home"); }
  storage::Catalog read() const { return storage::Catalog(home(), storage::Catalog::Access::Read); }

  core::RunSpec spec() const {
    return core::parseRunSpec(
        {{"name", "clusters"},
         {"data", {{"format", "csv"}, {"path", "clusters.csv"}, {"target", "side"}, {"validation_fraction", 0.2}}},
         {"model", {{"type", "MLP"}, {"hidden", {8}}, {"dropout", 0.2}}},
         {"loss", "CrossEntropyLoss"},
         {"optimizer", {{"type", "Adam"}, {"lr", 0.01}}},
         {"training", {{"epochs", 4}, {"batch_size", 32}, {"seed", 3}, {"threads", 1}, {"device", "cpu"}}},
         {"checkpoints", {{"every_epochs", 1}, {"keep_last", 0}}}},
        root_);
  }

  static std::string finish(std::unique_ptr<training::Job> job) {
    CountingSink sink;
    job->start(sink);
    job->wait();
    return job->run();
  }

  static void flipByte(const std::string& path, std::int64_t offset) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(offset);
    const char byte = static_cast<char>(file.get() ^ 0x40);
    file.seekp(offset);
    file.put(byte);
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::filesystem::path root_;
};

CAIRN_TEST(TestJob, job)
#include "tst_job.moc"
