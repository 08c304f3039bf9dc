// Resume is proved by equality: n steps are k steps, a checkpoint, and n - k steps more, bit for bit.
#include <QTest>

#include "engine/checkpoint_keys.h"
#include "engine/loop/make_session.h"
#include "session_harness.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;
using core::StateTree;
namespace keys = cairn::engine::keys;

namespace {

using Points = std::map<std::string, std::string>;

/// Points from several stretches of one run; a step that two of them took must be the same in both.
bool join(Points& into, const Points& more) {
  for (const auto& [key, value] : more)
    if (const auto [at, isNew] = into.emplace(key, value); !isNew && at->second != value) return false;
  return true;
}

std::unique_ptr<MemorySink> stoppedAt(const nlohmann::json& spec, std::int64_t step,
                                      std::shared_ptr<const StateTree> from = {}) {
  auto options = optionsFor(spec);
  options.maxSteps = step;
  options.from = std::move(from);
  return trained(std::move(options));
}

std::unique_ptr<MemorySink> resumed(const nlohmann::json& spec, std::shared_ptr<const StateTree> from) {
  auto options = optionsFor(spec);
  options.from = std::move(from);
  return trained(std::move(options));
}

StateTree finalState(const MemorySink& sink) {
  if (sink.checkpoints.empty()) return {};
  return trainingState(*sink.checkpoints.back().state);
}

const std::vector<nlohmann::json>& optimizers() {
  static const std::vector<nlohmann::json> all = {
      {{"type", "SGD"}, {"lr", 0.05}, {"momentum", 0.9}, {"nesterov", true}, {"weight_decay", 0.001}},
      {{"type", "Adam"}, {"lr", 0.01}, {"amsgrad", true}},
      {{"type", "AdamW"}, {"lr", 0.01}}};
  return all;
}

const std::vector<nlohmann::json>& schedulers() {
  static const std::vector<nlohmann::json> all = {
      {},
      {{"type", "StepLR"}, {"step_size", 1}, {"gamma", 0.5}},
      {{"type", "CosineAnnealingLR"}, {"T_max", 2}, {"warmup_steps", 5}},
      {{"type", "ReduceLROnPlateau"}, {"patience", 0}, {"factor", 0.5}, {"threshold", 0.5}}};
  return all;
}

}  // namespace

class TestExactResume : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void overTheMatrix_data();
  void overTheMatrix();
  void stoppingAfterEveryStep();
  void stoppedDuringValidation();
  void fromEveryPeriodicCheckpoint();
  void aLiveLrIsReplayed();
  void ablationShows_data();
  void ablationShows();
  void largeStatesAreCopiedWhileTrainingGoesOn();
  void generatorStateIsPyTorchs();
};

void TestExactResume::overTheMatrix_data() {
  QTest::addColumn<int>("model");
  QTest::addColumn<int>("optimizer");
  for (int model = 0; model < 3; ++model)
    for (int optimizer = 0; optimizer < 3; ++optimizer)
      QTest::addRow("model %d, optimizer %d", model, optimizer) << model << optimizer;
}

/// Each with all schedules, stopped mid-epoch, at an epoch's last step and at one's first.
void TestExactResume::overTheMatrix() {
  QFETCH(int, model);
  QFETCH(int, optimizer);
  for (const auto& scheduler : schedulers()) {
    auto spec = model == 0 ? mlpSpec() : model == 1 ? cnnSpec() : transformerSpec();
    spec["optimizer"] = optimizers()[static_cast<std::size_t>(optimizer)];
    if (!scheduler.is_null()) spec["lr_scheduler"] = scheduler;
    const auto whole = trained(optionsFor(spec));
    QCOMPARE(whole->last().state, core::SessionState::Completed);
    QCOMPARE(whole->last().step, 9);
    for (const std::int64_t stop : {2, 3, 4}) {
      const auto first = stoppedAt(spec, stop);
      QCOMPARE(first->last().step, stop);
      const auto second = resumed(spec, first->checkpoints.back().state);
      auto points = recorded(first->points);
      QVERIFY(join(points, recorded(second->points)));
      QVERIFY(points == recorded(whole->points));
      QVERIFY(core::sameState(finalState(*second), finalState(*whole)));
    }
  }
}

void TestExactResume::stoppingAfterEveryStep() {
  auto spec = cnnSpec();
  spec["lr_scheduler"] = schedulers()[2];
  const auto whole = trained(optionsFor(spec));
  std::shared_ptr<const StateTree> state;
  Points points;
  for (std::int64_t step = 1; step <= 9; ++step) {
    const auto stretch = stoppedAt(spec, step, state);
    QVERIFY(join(points, recorded(stretch->points)));
    state = stretch->checkpoints.back().state;
  }
  QVERIFY(points == recorded(whole->points));
  QVERIFY(core::sameState(trainingState(*state), finalState(*whole)));
}

/// A stop that comes while the epoch's last step runs leaves its validation and the schedule's step to be done.
void TestExactResume::stoppedDuringValidation() {
  for (auto spec : {mlpSpec(), cnnSpec(), transformerSpec()}) {
    spec["lr_scheduler"] = schedulers()[3];
    const auto whole = trained(optionsFor(spec));
    auto stopping = spec;
    stopping["checkpoints"]["every_steps"] = 5;  // handed over within step 6, the last of an epoch
    MemorySink sink;
    const auto session = engine::makeSession(optionsFor(stopping));
    sink.react = [&](const core::Event& event) {
      if (const auto* taken = std::get_if<core::CheckpointTaken>(&event); taken && taken->record.step == 5)
        session->stop();
    };
    session->start(sink);
    session->wait();
    QCOMPARE(sink.last().step, 6);
    const auto& state = sink.checkpoints.back().state;
    QCOMPARE(state->at(keys::kCairn).text(keys::kPhase), std::string("validating"));
    const auto second = resumed(spec, state);
    auto points = recorded(sink.points);
    QVERIFY(!points.contains("val/loss@000006"));
    QVERIFY(join(points, recorded(second->points)));
    QVERIFY(points == recorded(whole->points));
    QVERIFY(core::sameState(finalState(*second), finalState(*whole)));
  }
}

/// As after a crash: the steps since the checkpoint are taken again.
void TestExactResume::fromEveryPeriodicCheckpoint() {
  auto spec = mlpSpec();
  spec["checkpoints"]["every_steps"] = 1;
  const auto whole = trained(optionsFor(spec));
  QCOMPARE(whole->checkpoints.size(), std::size_t{9});
  for (const auto& checkpoint : whole->checkpoints) {
    if (checkpoint.record.step == 9) continue;
    const auto again = resumed(spec, checkpoint.state);
    auto points = recorded(whole->points);
    QVERIFY(join(points, recorded(again->points)));
    QCOMPARE(points.size(), recorded(whole->points).size());
    QVERIFY(core::sameState(finalState(*again), finalState(*whole)));
  }
}

void TestExactResume::aLiveLrIsReplayed() {
  auto spec = mlpSpec();
  spec["lr_scheduler"] = schedulers()[1];
  spec["checkpoints"]["every_steps"] = 2;
  MemorySink sink;
  const auto session = engine::makeSession(optionsFor(spec));
  std::shared_ptr<const StateTree> early;
  sink.react = [&](const core::Event& event) {
    if (const auto* taken = std::get_if<core::CheckpointTaken>(&event); taken && !early) {
      early = taken->state;  // of step 2, handed over within step 3
      session->setLr(0.2);
    }
  };
  session->start(sink);
  session->wait();
  QCOMPARE(sink.settings.size(), std::size_t{1});
  const auto step = sink.settings.front().event.step;
  auto options = optionsFor(spec);
  options.from = early;
  options.replay = {{step, 0.2}};
  const auto again = trained(std::move(options));
  QCOMPARE(again->settings.size(), std::size_t{0});
  auto points = recorded(sink.points);
  QVERIFY(join(points, recorded(again->points)));
  QVERIFY(core::sameState(finalState(*again), finalState(sink)));
  QVERIFY(!core::sameState(finalState(*resumed(spec, early)), finalState(sink)));
}

namespace {

/// Sets cairn's `key` to another value.
void setOwn(StateTree& tree, std::string_view key, StateTree value) {
  tree.find(keys::kCairn)->set(key, std::move(value));
}

void leaveOut(StateTree& tree, const std::string& part) {
  if (part == "optimizer") tree.find(keys::kOptimizer)->set(keys::kOptimizerState, StateTree::dict());
  if (part == "scheduler") tree.set(keys::kScheduler, StateTree());
  if (part == "generator") tree.set(keys::kRngState, StateTree());
  if (part == "sampler") tree.find(keys::kCairn)->find(keys::kSampler)->set(keys::kSamplerCursor, 0);
  if (part == "epoch of the sampler") tree.find(keys::kCairn)->find(keys::kSampler)->set(keys::kSamplerEpoch, 0);
  if (part == "lr") setOwn(tree, keys::kLr, 0.025);
  if (part == "best value") tree.find(keys::kCairn)->find(keys::kEarlyStopping)->set(keys::kBest, -1.0);
  if (part == "patience") tree.find(keys::kCairn)->find(keys::kEarlyStopping)->set(keys::kBadEpochs, 5);
  if (part == "meters") setOwn(tree, keys::kMeters, StateTree::dict());
  if (part == "step") tree.set(keys::kStep, 3);
  if (part == "buffers") {
    auto* model = tree.find(keys::kModel);
    for (auto& [key, child] : model->as<StateTree::Dict>()->items)
      if (std::get<std::string>(key).ends_with("running_mean")) {
        const auto& tensor = *child.as<core::Tensor>();
        const std::vector<std::byte> zeros(tensor.bytes.size());
        child = core::Tensor::copyOf(tensor.dtype, tensor.shape, zeros);
      }
  }
}

}  // namespace

void TestExactResume::ablationShows_data() {
  QTest::addColumn<QString>("part");
  for (const char* part : {"nothing", "optimizer", "scheduler", "generator", "sampler", "epoch of the sampler", "lr",
                           "best value", "patience", "meters", "step", "buffers"})
    QTest::newRow(part) << QString(part);
}

/// With a part of the state left out, the difference is seen: the other tests can fail.
void TestExactResume::ablationShows() {
  QFETCH(QString, part);
  auto spec = cnnSpec();
  spec["lr_scheduler"] = {{"type", "StepLR"}, {"step_size", 2}, {"gamma", 0.5}};
  spec["early_stopping"] = {{"patience", 5}};
  const auto whole = trained(optionsFor(spec));
  const auto first = stoppedAt(spec, 4);
  auto tree = *first->checkpoints.back().state;
  leaveOut(tree, part.toStdString());
  const auto from = std::make_shared<const StateTree>(tree);
  const auto second = resumed(spec, from);
  const auto next = stoppedAt(spec, 5, from);  // sums show only before an epoch ends
  auto points = recorded(first->points);
  const bool same = join(points, recorded(second->points)) && points == recorded(whole->points) &&
                    core::sameState(finalState(*second), finalState(*whole)) && !next->checkpoints.empty() &&
                    core::sameState(finalState(*next), finalState(*stoppedAt(spec, 5)));
  QCOMPARE(same, part == "nothing");
}

/// 1.5 MB of parameters: the copier's way. Each periodic checkpoint is what a stop at its step would have saved.
void TestExactResume::largeStatesAreCopiedWhileTrainingGoesOn() {
  auto spec = mlpSpec();
  spec["model"]["hidden"] = {600, 600};
  spec["training"]["epochs"] = 2;
  spec["checkpoints"] = {{"every_epochs", 0}, {"every_steps", 1}};
  const auto whole = trained(optionsFor(spec));
  for (const auto& checkpoint : whole->checkpoints) {
    if (checkpoint.record.step == 6) continue;
    const auto stopped = stoppedAt(spec, checkpoint.record.step);
    QVERIFY(core::sameState(trainingState(*checkpoint.state), finalState(*stopped)));
  }
}

void TestExactResume::generatorStateIsPyTorchs() {
  const auto sink = stoppedAt(mlpSpec(), 1);
  const auto& state = sink->checkpoints.back().state->at(keys::kRngState).tensor(keys::kRngCpu);
  QCOMPARE(state.dtype, core::DType::UInt8);
  QCOMPARE(state.numel(), 5056);  // torch.get_rng_state().numel()
}

CAIRN_TEST(TestExactResume, exact_resume)
#include "tst_exact_resume.moc"
