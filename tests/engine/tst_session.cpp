// A session from the outside: what it says, and what it does when asked.
#include <QTest>
#include <cmath>
#include <fstream>

#include "core/error.h"
#include "engine/checkpoint_keys.h"
#include "engine/loop/make_session.h"
#include "engine/torch_pch.h"
#include "session_harness.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;
using core::Series;
using core::SessionState;

namespace {

engine::SessionOptions lineOptions(int epochs) {
  const auto spec = core::readRunSpec(CAIRN_SOURCE_DIR "/resources/examples/line.json");
  engine::SessionOptions options{.spec = spec, .runId = "aaaaaaaaaaaaaaaa"};
  options.spec.training.epochs = epochs;
  return options;
}

nlohmann::json endless(nlohmann::json spec) {
  spec["training"]["epochs"] = 1000000;
  spec["checkpoints"]["every_epochs"] = 0;
  return spec;
}

}  // namespace

class TestSession : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void theStraightLineIsTrainedAsByHand();
  void eventsComeInOrder();
  void pausesAndGoesOn();
  void stopsAndSaysWhere();
  void checkpointsWhenAsked();
  void lrChangesWhileItTrains();
  void nanStopsWithTheStepNamed();
  void earlyStoppingEndsTheRun();
  void maxStepsStopsAsAPauseWould();
  void aFinishedRunCompletesAtOnce();
  void rolesOfOneStepAreOneCheckpoint();
  void badSettingsAreNamed();
  void changedDataIsRefusedOnResume();
  void aBranchTakesItsNewSettings();
  void aForeignModelDisturbsNothing();
};

/// w and b after each step of full-batch gradient descent on y = 2x, in plain arithmetic.
void TestSession::theStraightLineIsTrainedAsByHand() {
  const auto sink = trained(lineOptions(3));
  QCOMPARE(sink->last().state, SessionState::Completed);
  QCOMPARE(sink->last().step, 3);
  const auto losses = sink->series(Series::TrainLoss);
  QCOMPARE(losses.size(), std::size_t{3});

  const auto one = trained([&] {
    auto o = lineOptions(3);
    o.maxSteps = 1;
    return o;
  }());
  const auto& model = one->checkpoints.back().state->at(engine::keys::kModel);
  double w = model.tensor("layers.0.weight").at(0), b = model.tensor("layers.0.bias").at(0);
  for (std::size_t step = 1; step < 3; ++step) {
    double loss = 0, dw = 0, db = 0;
    for (const double x : {1.0, 2.0, 3.0, 4.0}) {
      const double error = w * x + b - 2 * x;
      loss += error * error / 4;
      dw += 2 * error * x / 4;
      db += 2 * error / 4;
    }
    QVERIFY(std::abs(losses[step] - loss) < 1e-5 * std::max(1.0, loss));
    w -= 0.1 * dw;
    b -= 0.1 * db;
  }
  const auto& final = sink->checkpoints.back().state->at(engine::keys::kModel);
  QVERIFY(std::abs(final.tensor("layers.0.weight").at(0) - w) < 1e-5 * std::max(1.0, std::abs(w)));

  auto longer = lineOptions(5);
  longer.from = sink->checkpoints.back().state;
  const auto more = trained(std::move(longer));
  QCOMPARE(more->last().step, 5);
  auto whole = recorded(trained(lineOptions(5))->points);
  std::erase_if(whole, [](const auto& entry) { return std::stoi(entry.first.substr(entry.first.find('@') + 1)) < 4; });
  QVERIFY(recorded(more->points) == whole);
}

void TestSession::eventsComeInOrder() {
  const auto sink = trained(optionsFor(mlpSpec()));
  QCOMPARE(sink->states.front().state, SessionState::Preparing);
  QCOMPARE(sink->last().state, SessionState::Completed);
  QVERIFY(sink->started);
  QCOMPARE(sink->started->stepsPerEpoch, 3);
  QCOMPARE(sink->started->totalSteps, 9);
  QCOMPARE(sink->series(Series::TrainLoss).size(), std::size_t{9});
  QCOMPARE(sink->series(Series::TrainAccuracy).size(), std::size_t{9});
  QCOMPARE(sink->series(Series::GradNorm).size(), std::size_t{9});
  QCOMPARE(sink->series(Series::StepSeconds).size(), std::size_t{9});
  QCOMPARE(sink->series(Series::Lr), std::vector<double>(9, 0.01));
  QCOMPARE(sink->series(Series::ValLoss).size(), std::size_t{3});
  QCOMPARE(sink->checkpoints.size(), std::size_t{3});
  QCOMPARE(sink->checkpoints.back().record.kind, core::CheckpointKind::Final);
  for (const auto& point : sink->points) {
    const bool ofTheEpoch = point.series == Series::ValLoss || point.series == Series::ValAccuracy;
    QCOMPARE(point.epoch, ofTheEpoch ? point.step / 3 : (point.step - 1) / 3);
  }
}

void TestSession::pausesAndGoesOn() {
  MemorySink sink;
  const auto session = engine::makeSession(optionsFor(endless(mlpSpec())));
  session->start(sink);
  QVERIFY(sink.waitFor(SessionState::Training));
  session->pause();
  QVERIFY(sink.waitFor(SessionState::Paused));
  QCOMPARE(session->state(), SessionState::Paused);
  const auto step = sink.last().step;
  session->resume();
  QVERIFY(sink.waitFor(SessionState::Training));
  session->stop();
  session->wait();
  QCOMPARE(sink.last().state, SessionState::Stopped);
  QVERIFY(sink.last().step >= step);
  // The curve has no gap and no doubled step.
  const auto steps = sink.series(Series::TrainLoss).size();
  QCOMPARE(static_cast<std::int64_t>(steps), sink.last().step);
}

void TestSession::stopsAndSaysWhere() {
  MemorySink sink;
  const auto session = engine::makeSession(optionsFor(endless(mlpSpec())));
  sink.react = [&](const core::Event& event) {
    if (const auto* measured = std::get_if<core::MetricsMeasured>(&event);
        measured && measured->points.back().step > 50)
      session->stop();
  };
  session->start(sink);
  session->wait();
  QCOMPARE(sink.last().state, SessionState::Stopped);
  QCOMPARE(sink.checkpoints.back().record.step, sink.last().step);
  QCOMPARE(sink.checkpoints.back().record.roles, std::set<std::string>{"manual"});
}

void TestSession::checkpointsWhenAsked() {
  MemorySink sink;
  const auto session = engine::makeSession(optionsFor(endless(mlpSpec())));
  sink.react = [&](const core::Event& event) {
    if (std::holds_alternative<core::TrainingStarted>(event)) session->checkpointNow();
    if (const auto* taken = std::get_if<core::CheckpointTaken>(&event); taken && taken->record.roles.contains("manual"))
      session->stop();
  };
  session->start(sink);
  session->wait();
  QVERIFY(!sink.checkpoints.empty());
  QVERIFY(sink.checkpoints.front().record.roles.contains("manual"));
}

void TestSession::lrChangesWhileItTrains() {
  auto spec = endless(mlpSpec());
  spec["lr_scheduler"] = {{"type", "ExponentialLR"}, {"gamma", 0.5}};
  MemorySink sink;
  const auto session = engine::makeSession(optionsFor(spec));
  sink.react = [&](const core::Event& event) {
    if (std::holds_alternative<core::TrainingStarted>(event)) session->setLr(0.08);
    if (const auto* measured = std::get_if<core::MetricsMeasured>(&event); measured && measured->points.back().step > 8)
      session->stop();
  };
  session->start(sink);
  session->wait();
  QCOMPARE(sink.settings.size(), std::size_t{1});
  QCOMPARE(sink.settings.front().event.step, 1);
  const auto lr = sink.series(Series::Lr);
  QCOMPARE(lr[0], 0.08);
  QCOMPARE(lr[3], 0.04);
  QVERIFY_THROWS_EXCEPTION(Error, session->setLr(-1));
}

void TestSession::nanStopsWithTheStepNamed() {
  auto spec = mlpSpec();
  spec["data"]["target"] = "y";
  spec["data"]["task"] = "regression";
  spec["loss"] = "MSELoss";
  spec["model"] = {{"type", "MLP"}, {"hidden", nlohmann::json::array()}};
  spec["data"]["path"] = [&] {
    const auto path = dataFolder() / "numbers.csv";
    std::ofstream(path) << "a,y\n1,2\n2,4\n3,6\n4,8\n5,10\n6,12\n7,14\n8,16\n9,18\n10,20\n";
    return path.string();
  }();
  spec["data"]["validation_fraction"] = 0;
  spec["data"]["normalize"] = false;
  spec["training"]["batch_size"] = 10;
  spec["training"]["epochs"] = 200;
  spec["checkpoints"] = {{"every_epochs", 0}, {"every_steps", 1}, {"monitor", "train/loss"}};
  spec["optimizer"] = {{"type", "SGD"}, {"lr", 1e6}};
  const auto sink = trained(optionsFor(spec));
  QCOMPARE(sink->last().state, SessionState::Failed);
  QVERIFY(sink->last().error);
  const std::string what = sink->last().error->what();
  const auto failed = sink->last().step;
  QVERIFY2(what.find("step " + std::to_string(failed)) == 0, what.c_str());
  QVERIFY2(what.find("smaller lr") != std::string::npos, what.c_str());
  QVERIFY(!std::isfinite(sink->series(Series::TrainLoss).back()) || what.find("gradient") != std::string::npos);
  // The state that gave the bad loss is not among the checkpoints, the one before is.
  QCOMPARE(sink->checkpoints.back().record.step, failed - 2);
  QVERIFY2(what.find("that of step " + std::to_string(failed - 2)) != std::string::npos, what.c_str());
}

void TestSession::earlyStoppingEndsTheRun() {
  auto spec = endless(mlpSpec());
  spec["optimizer"] = {{"type", "SGD"}, {"lr", 1e-30}};  // moves no weight
  spec["model"]["dropout"] = 0;
  spec["early_stopping"] = {{"patience", 4}};
  const auto sink = trained(optionsFor(spec));
  QCOMPARE(sink->last().state, SessionState::Completed);
  QVERIFY(sink->last().reason.starts_with("early stopping"));
  QCOMPARE(sink->last().epoch, 5);  // the first is the best, four bring nothing better
  QCOMPARE(sink->checkpoints.back().record.kind, core::CheckpointKind::Final);
}

void TestSession::maxStepsStopsAsAPauseWould() {
  auto options = optionsFor(mlpSpec());
  options.maxSteps = 4;
  const auto sink = trained(std::move(options));
  QCOMPARE(sink->last().state, SessionState::Stopped);
  QCOMPARE(sink->last().reason, std::string("max_steps"));
  QCOMPARE(sink->last().step, 4);
  QCOMPARE(sink->checkpoints.back().record.kind, core::CheckpointKind::Manual);
}

void TestSession::aFinishedRunCompletesAtOnce() {
  const auto whole = trained(optionsFor(mlpSpec()));
  auto again = optionsFor(mlpSpec());
  again.from = whole->checkpoints.back().state;
  const auto sink = trained(std::move(again));
  QCOMPARE(sink->last().state, SessionState::Completed);
  QVERIFY(sink->points.empty());
  QVERIFY(sink->checkpoints.empty());
}

void TestSession::rolesOfOneStepAreOneCheckpoint() {
  auto spec = mlpSpec();
  spec["training"]["epochs"] = 1;
  spec["checkpoints"]["every_steps"] = 3;
  const auto sink = trained(optionsFor(spec));
  QCOMPARE(sink->checkpoints.size(), std::size_t{1});
  const auto& record = sink->checkpoints.front().record;
  QCOMPARE(record.roles, (std::set<std::string>{"best", "final", "periodic"}));
  QCOMPARE(record.kind, core::CheckpointKind::Final);
  QCOMPARE(record.step, 3);
  QCOMPARE(record.epoch, 1);
  QVERIFY(record.metrics.contains("val/loss"));
  QCOMPARE(record.monitored, std::optional(record.metrics.at("val/loss")));
  QVERIFY(record.loss);
}

void TestSession::badSettingsAreNamed() {
  auto spec = mlpSpec();
  spec["training"]["batch_size"] = 49;
  auto sink = trained(optionsFor(spec));
  QCOMPARE(sink->last().state, SessionState::Failed);
  QCOMPARE(sink->last().error->subject(), std::string("training.batch_size"));
  QVERIFY(sink->last().error->why().find("49") != std::string::npos &&
          sink->last().error->why().find("48") != std::string::npos);

  spec = mlpSpec();
  spec["training"]["device"] = "cuda:77";
  sink = trained(optionsFor(spec));
  QCOMPARE(sink->last().state, SessionState::Failed);
  QCOMPARE(sink->last().error->subject(), std::string("training.device"));
}

void TestSession::changedDataIsRefusedOnResume() {
  const auto path = dataFolder() / "changing.csv";
  std::filesystem::copy_file(csvFile(), path, std::filesystem::copy_options::overwrite_existing);
  auto spec = mlpSpec();
  spec["data"]["path"] = path.string();
  auto first = optionsFor(spec);
  first.maxSteps = 4;
  const auto begun = trained(std::move(first));
  std::ofstream(path, std::ios::app) << "0.5,0.5,0.5,up,0.75\n";
  auto resumed = optionsFor(spec);
  resumed.from = begun->checkpoints.back().state;
  auto branch = resumed;
  const auto sink = trained(std::move(resumed));
  QCOMPARE(sink->last().state, SessionState::Failed);
  QCOMPARE(sink->last().error->subject(), path.string());
  branch.branch = true;
  QCOMPARE(trained(std::move(branch))->last().state, SessionState::Completed);
}

void TestSession::aBranchTakesItsNewSettings() {
  auto first = optionsFor(mlpSpec());
  first.maxSteps = 4;
  const auto parent = trained(std::move(first));
  auto spec = mlpSpec();
  spec["optimizer"] = {{"type", "SGD"}, {"lr", 0.02}, {"momentum", 0.9}};
  spec["training"]["batch_size"] = 24;
  auto options = optionsFor(spec);
  options.from = parent->checkpoints.back().state;
  options.branch = true;
  const auto sink = trained(std::move(options));
  QCOMPARE(sink->last().state, SessionState::Completed);
  QCOMPARE(sink->series(Series::Lr).front(), 0.02);
  // 48 samples: step 4 was the second epoch's first batch of 16, 32 are left in it, then two batches of 24.
  QCOMPARE(sink->last().step, 4 + 2 + 2);
  QCOMPARE(sink->points.front().step, 5);
}

void TestSession::aForeignModelDisturbsNothing() {
  auto spec = mlpSpec();
  spec["training"]["epochs"] = 30;
  const auto alone = recorded(trained(optionsFor(spec))->points);
  MemorySink sink;
  const auto session = engine::makeSession(optionsFor(spec));
  session->start(sink);
  while (!core::isFinal(session->state())) {
    torch::nn::Linear linear(16, 16);
    const auto value = linear->forward(torch::randn({4, 16}));
    QVERIFY(torch::dropout(value, 0.5, true).defined());
  }
  session->wait();
  QVERIFY(recorded(sink.points) == alone);
}

CAIRN_TEST(TestSession, session)
#include "tst_session.moc"
