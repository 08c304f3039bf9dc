#include <QTest>
#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>

#include "core/error.h"
#include "job_fixture.h"
#include "storage/checkpoint_files.h"
#include "support/test_registry.h"
#include "support/thrown.h"
#include "training/comparison.h"

using namespace cairn;
using namespace cairn::tests;
using training::Comparison;

class ComparisonTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void weightsAreThoseOfTheFiles();
  void optimizersTellTheirSteps();
  void evaluationsAreThoseOnRecord();
  void aCheckpointBesideItself();
  void severalPagesAtOnce();
  void canBeCancelledAnywhere();
  void whatIsNotThereIsNamed();
  void csvHasARowATensor();
  void aMeanIsDurableAndItsRunPaused();
  void aMeanOfOneWithItselfIsIt();
  void aMeanGoesOnAndIsBranchedFrom();
  void aDamagedMeanIsRefused();
  void whatFailsMakesNothing();
  void aRunThatTrainsMeanwhileIsNotDisturbed();

 private:
  std::string at(std::int64_t step) const { return fixture_.read().readyAt(run_, step).front().id; }
  std::shared_ptr<const Comparison> open(const std::vector<std::string>& ids) const {
    return Comparison::open(fixture_.home(), ids);
  }

  JobFixture fixture_;
  std::string run_, branch_;
};

void ComparisonTest::initTestCase() {
  run_ = fixture_.trained();
  training::BranchOptions options{
      .name = "branch", .spec = fixture_.spec({"optimizer.lr=0.1"}), .resetOptimizer = true};
  branch_ = JobFixture::finish(training::Job::branch(fixture_.home(), at(6), options));
}

void ComparisonTest::weightsAreThoseOfTheFiles() {
  const auto branched = fixture_.read().newestReady(branch_)->id;
  const auto comparison = open({at(6), branched});
  const auto weights = comparison->weights();
  QCOMPARE(weights.tensors.size(), std::size_t{4});
  QCOMPARE(weights.parameters, 8 * 2 + 8 + 2 * 8 + 2);
  auto catalog = fixture_.read();
  const auto state = storage::readCheckpoint(catalog.files(), catalog.checkpoint(branched));
  const auto& row = weights.tensors.front();
  double squares = 0;
  const auto& tensor = state->at("model_state_dict").tensor(row.name);
  for (std::int64_t i = 0; i < tensor.numel(); ++i) squares += tensor.at(i) * tensor.at(i);
  QVERIFY(std::abs(row.stats[1].norm - std::sqrt(squares)) < 1e-12);
  QVERIFY(*row.distances[0].relativeL2 > 0.01 && !weights.identical);
  for (const auto& setting : comparison->summary().settings) QCOMPARE(setting.differs, setting.key == "optimizer.lr");
}

void ComparisonTest::optimizersTellTheirSteps() {
  const auto comparison = open({at(6), at(9)});
  const auto detail = comparison->tensor("layers.0.weight", 20);
  for (const auto& counts : detail.counts) QCOMPARE(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}), 16);
  // Adam's first steps are near lr for every value whose gradient keeps its sign, and never far above.
  for (const auto& step : detail.meanStep) QVERIFY(step && *step > 1e-4 && *step < 0.02);
  QCOMPARE(detail.byChannel.at(0).size(), std::size_t{8});
}

void ComparisonTest::evaluationsAreThoseOnRecord() {
  const auto comparison = open({at(6), at(12)});
  const auto predictions = comparison->predictions();
  const auto path = comparison->path({.points = 3, .onPoint = {}});
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& metrics = comparison->checkpoints()[i].checkpoint.metrics;
    QCOMPARE(*predictions.results[i].loss, metrics.at("val/loss"));  // bit for bit
    QCOMPARE(*predictions.results[i].accuracy, metrics.at("val/accuracy"));
    QCOMPARE(path.points[2 * i].loss, metrics.at("val/loss"));
  }
  QCOMPARE(predictions.data.classes, (std::vector<std::string>{"left", "right"}));
  QVERIFY(predictions.data.notes.empty() && predictions.data.validation);
  QCOMPARE(std::accumulate(predictions.rightBy.begin(), predictions.rightBy.end(), std::int64_t{0}), 24);
}

void ComparisonTest::aCheckpointBesideItself() {
  const auto comparison = open({at(6), at(6), at(9)});
  QVERIFY(!comparison->summary().identical && !comparison->weights().identical);
  QVERIFY(comparison->weights().whole[0].identical);
  const auto same = open({at(6), at(6)});
  QVERIFY(same->summary().identical && same->weights().identical);
  const auto predictions = same->predictions();
  QVERIFY(predictions.samples.empty() && predictions.differing == 0 && *predictions.allAgree == 1);
  QCOMPARE(same->path({.points = 3, .onPoint = {}}).barrier, 0.0);
}

void ComparisonTest::severalPagesAtOnce() {
  const auto comparison = open({at(6), at(12)});
  const auto alone = comparison->predictions();
  std::vector<double> losses(4);
  {
    std::vector<std::jthread> pages;
    for (auto& loss : losses)
      pages.emplace_back([&] {
        comparison->weights();
        loss = *comparison->predictions().results[1].loss;
      });
  }
  for (const double loss : losses) QCOMPARE(loss, *alone.results[1].loss);
}

void ComparisonTest::canBeCancelledAnywhere() {
  const auto cancelled = [](auto&& work) {
    const auto error = errorOf(work);
    return error && error->kind() == ErrorKind::Cancelled;
  };
  const auto no = [](std::string_view, std::int64_t, std::int64_t) { return false; };
  QVERIFY(cancelled([&] { Comparison::open(fixture_.home(), {at(6), at(9)}, no); }));
  const auto comparison = open({at(6), at(9)});
  QVERIFY(cancelled([&] { comparison->weights(no); }));
  QVERIFY(cancelled([&] { comparison->predictions({}, no); }));
  // In the middle of it, by the first point.
  int points = 0;
  const auto untilAPoint = [&](std::string_view, std::int64_t, std::int64_t) { return points == 0; };
  QVERIFY(cancelled([&] {
    comparison->path({.points = 9, .onPoint = [&](const core::PathPoint&) { ++points; }}, untilAPoint);
  }));
  QCOMPARE(points, 1);
  const auto runs = fixture_.read().runs().size();
  QVERIFY(cancelled([&] { training::averageCheckpoints(fixture_.home(), {at(6), at(9)}, {}, no); }));
  QCOMPARE(fixture_.read().runs().size(), runs);
}

void ComparisonTest::whatIsNotThereIsNamed() {
  QVERIFY(errorOf([&] { open({at(6)}); })->kind() == ErrorKind::Invalid);
  QVERIFY(errorOf([&] { open({at(6), at(6), at(6), at(6), at(6)}); })->kind() == ErrorKind::Invalid);
  QVERIFY(errorOf([&] { open({at(6), "ffff"}); }));
  QVERIFY(errorOf([&] { open({at(6), at(9)})->tensor("layers.7.weight"); }));
}

void ComparisonTest::csvHasARowATensor() {
  const auto text = training::weightsCsv(open({at(6), at(9)})->weights(), {"clusters@6", "a, \"b\""});
  QCOMPARE(std::count(text.begin(), text.end(), '\n'), 5);
  QVERIFY(text.find("layers.0.weight,8x2,16,clusters@6,\"a, \"\"b\"\"\",") != std::string::npos);
}

void ComparisonTest::aMeanIsDurableAndItsRunPaused() {
  const std::vector<std::string> parents{at(6), at(9)};
  const auto made = training::averageCheckpoints(fixture_.home(), parents);
  auto catalog = fixture_.read();
  const auto run = catalog.findRun("average of clusters@6, clusters@9");
  QCOMPARE(run.id, made.run.id);
  QVERIFY(run.status == core::RunStatus::Paused && run.parentCheckpoint.empty());
  QVERIFY(run.step == 9 && run.totalSteps == 12 && run.best && run.best->step == 9);
  const auto record = catalog.findCheckpoint(run.id + "@latest");
  QVERIFY(record.kind == core::CheckpointKind::Averaged && record.roles.contains("best"));
  QCOMPARE(record.parents, parents);
  QVERIFY(!record.loss && record.metrics.contains("val/loss") && !record.metrics.contains("train/loss"));
  const auto points = catalog.metrics(run.id, core::Series::ValLoss);
  QCOMPARE(points.size(), std::size_t{1});
  QVERIFY(!catalog.files().isLocked(fixture_.home().runLock(run.id)));
  const auto state = storage::readCheckpoint(catalog.files(), record);
  const auto mean = [&](const std::string& id) {
    return storage::readCheckpoint(catalog.files(), catalog.checkpoint(id))
        ->at("model_state_dict")
        .tensor("layers.0.bias")
        .at(3);
  };
  QCOMPARE(state->at("model_state_dict").tensor("layers.0.bias").at(3),
           static_cast<double>(static_cast<float>((mean(parents[0]) + mean(parents[1])) / 2)));
  // Its moments would be those of other weights.
  QVERIFY(state->at("optimizer_state_dict").at("state").as<core::StateTree::Dict>()->items.empty());
}

void ComparisonTest::aMeanOfOneWithItselfIsIt() {
  const auto made = training::averageCheckpoints(fixture_.home(), {at(9), at(9), at(9)}, "itself");
  QCOMPARE(made.run.name, std::string("itself"));
  const auto comparison = open({at(9), made.checkpoint.id});
  QVERIFY(comparison->weights().identical);
  QCOMPARE(made.checkpoint.metrics.at("val/loss"), comparison->checkpoints()[0].checkpoint.metrics.at("val/loss"));
}

void ComparisonTest::aMeanGoesOnAndIsBranchedFrom() {
  const auto made = training::averageCheckpoints(fixture_.home(), {at(6), at(9)}, "going on");
  JobFixture::finish(training::Job::resume(fixture_.home(), made.run.id));
  QVERIFY(fixture_.read().run(made.run.id).status == core::RunStatus::Completed);
  QCOMPARE(fixture_.read().run(made.run.id).step, 12);
  const auto child = JobFixture::finish(training::Job::branch(fixture_.home(), made.checkpoint.id));
  QCOMPARE(fixture_.read().run(child).parentCheckpoint, made.checkpoint.id);
  QCOMPARE(fixture_.read().run(child).step, 12);
}

void ComparisonTest::aDamagedMeanIsRefused() {
  const auto made = training::averageCheckpoints(fixture_.home(), {at(6), at(9)}, "fragile");
  JobFixture::flipByte(made.checkpoint.path, made.checkpoint.bytes / 2);
  const auto error = errorOf([&] { training::Job::resume(fixture_.home(), made.run.id); });
  QVERIFY(error && error->advice().find("average the checkpoints anew") != std::string::npos);
  QVERIFY(errorOf([&] { open({at(6), made.checkpoint.id}); }));
  std::filesystem::remove(made.checkpoint.path);
  QVERIFY(errorOf([&] { training::Job::resume(fixture_.home(), made.run.id); }));
  QCOMPARE(fixture_.read().run(made.run.id).step, 9);
}

void ComparisonTest::whatFailsMakesNothing() {
  const auto other = fixture_.trained({"model.hidden=[5]", "training.epochs=1", "name=other"});
  const auto before = fixture_.read().runs().size();
  const auto files = fixture_.read().files().list(fixture_.home().checkpoints()).size();
  const auto error = errorOf([&] {
    training::averageCheckpoints(fixture_.home(), {at(6), fixture_.read().newestReady(other)->id});
  });
  QVERIFY(error && error->subject().find("layers.0.weight") != std::string::npos);
  QCOMPARE(fixture_.read().runs().size(), before);
  QCOMPARE(fixture_.read().files().list(fixture_.home().checkpoints()).size(), files);
}

void ComparisonTest::aRunThatTrainsMeanwhileIsNotDisturbed() {
  const std::vector<std::string> longer{"training.epochs=60", "checkpoints.every_epochs=0"};
  const auto alone = fixture_.trained(longer);
  const auto comparison = open({at(6), at(12)});
  std::atomic<int> pages = 0;
  CountingSink sink;
  auto job = training::Job::train(fixture_.home(), fixture_.spec(longer));
  {
    const std::jthread reader([&](const std::stop_token& stop) {
      while (!stop.stop_requested() || pages == 0) {
        comparison->predictions();
        comparison->path({.points = 3, .onPoint = {}});
        ++pages;
      }
    });
    job->start(sink);
    job->wait();
  }
  QVERIFY(pages > 0);
  QCOMPARE(fixture_.read().newestReady(job->run())->hash, fixture_.read().newestReady(alone)->hash);
}

CAIRN_TEST(ComparisonTest, comparison)
#include "tst_comparison.moc"
