// Resume is proved by equality: n steps are k steps, a checkpoint, and n - k steps more, bit for bit.
#include <QTest>
#include <algorithm>
#include <fstream>
#include <sstream>

#include "engine/checkpoint_keys.h"
#include "engine/loop/evaluation.h"
#include "engine/loop/learner_state.h"
#include "engine/loop/make_session.h"
#include "engine/tensor_bridge.h"
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

/// Whether `first` and what its last checkpoint leads to are together what `whole` is.
bool goesOnAs(const MemorySink& whole, const MemorySink& first, const nlohmann::json& spec) {
  const auto second = resumed(spec, first.checkpoints.back().state);
  auto points = recorded(first.points);
  return join(points, recorded(second->points)) && points == recorded(whole.points) &&
         core::sameState(finalState(*second), finalState(whole));
}

bool stoppedAgainAndAgain(const MemorySink& whole, const nlohmann::json& spec, const std::vector<std::int64_t>& stops) {
  std::shared_ptr<const StateTree> state;
  Points points;
  for (const auto step : stops) {
    const auto stretch = stoppedAt(spec, step, state);
    if (!join(points, recorded(stretch->points))) return false;
    state = stretch->checkpoints.back().state;
  }
  return points == recorded(whole.points) && core::sameState(trainingState(*state), finalState(whole));
}

/// A stop that comes while the epoch's last step (the 6th) runs: its validation and the schedule's step are still due.
std::unique_ptr<MemorySink> stoppedInValidation(nlohmann::json spec) {
  spec["checkpoints"]["every_steps"] = 5;  // handed over within step 6
  auto sink = std::make_unique<MemorySink>();
  const auto session = engine::makeSession(optionsFor(spec));
  sink->react = [&](const core::Event& event) {
    if (const auto* taken = std::get_if<core::CheckpointTaken>(&event); taken && taken->record.step == 5)
      session->stop();
  };
  session->start(*sink);
  session->wait();
  sink->react = {};
  return sink;
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
  void brokenOffInTheMiddleOfAValidation();
  void aLiveLrComesBeforeAStop();
  void onRealDigits();
  void onMnist();
  void fromEveryPeriodicCheckpoint();
  void aLiveLrIsReplayed();
  void ablationShows_data();
  void ablationShows();
  void largeStatesAreCopiedWhileTrainingGoesOn();
  void otherSamplesBeginAnew_data();
  void otherSamplesBeginAnew();
  void generatorStateIsPyTorchs();
};

void TestExactResume::overTheMatrix_data() {
  QTest::addColumn<int>("model");
  QTest::addColumn<int>("optimizer");
  for (int model = 0; model < 3; ++model)
    for (int optimizer = 0; optimizer < 3; ++optimizer)
      QTest::addRow("model %d, optimizer %d", model, optimizer) << model << optimizer;
}

/// Each with all schedules, stopped after any step (mid-epoch, an epoch's last, one's first), within the validation
/// that ends an epoch, and after each step in turn. What is compared is more than a state hash covers.
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
    for (std::int64_t stop = 1; stop < 9; ++stop) {
      const auto first = stoppedAt(spec, stop);
      QCOMPARE(first->last().step, stop);
      QVERIFY(goesOnAs(*whole, *first, spec));
    }
    const auto within = stoppedInValidation(spec);
    QVERIFY(!recorded(within->points).contains("val/loss@000006"));
    QVERIFY(goesOnAs(*whole, *within, spec));
    QVERIFY(stoppedAgainAndAgain(*whole, spec, {1, 2, 3, 4, 5, 6, 7, 8, 9}));
    QVERIFY(stoppedAgainAndAgain(*whole, spec, {4, 6, 9}));
  }
}

/// Broken off after a batch of it: nothing of a validation stays in the state.
void TestExactResume::brokenOffInTheMiddleOfAValidation() {
  auto spec = transformerSpec();
  spec["data"]["block_size"] = 4;
  spec["data"]["validation_fraction"] = 0.9;
  const auto progress = [](std::string_view, std::int64_t, std::int64_t) { return true; };
  auto learner = engine::makeLearner(optionsFor(spec), progress);
  const auto copy = [](const torch::Tensor& tensor) { return engine::toCore(tensor.detach().contiguous()); };
  const auto state = [&] { return engine::checkpointTree(learner, {}, copy, copy); };
  const auto before = state();
  engine::Evaluator evaluator(learner);
  int batches = 0;
  const auto result = evaluator.run(learner, [&](std::int64_t, std::int64_t) { return batches++ == 0; });
  QVERIFY(!result.has_value());
  QCOMPARE(batches, 2);
  QVERIFY(learner.model->is_training());
  QVERIFY(core::sameState(trainingState(before), trainingState(state())));
}

/// A change of lr in the stretch before the stop is part of the state; of one after it the record is made again.
void TestExactResume::aLiveLrComesBeforeAStop() {
  for (const auto& scheduler : schedulers()) {
    auto spec = mlpSpec();
    if (!scheduler.is_null()) spec["lr_scheduler"] = scheduler;
    auto changed = optionsFor(spec);
    changed.replay = {{3, 0.03}};
    const auto whole = trained(changed);
    for (const std::int64_t stop : {2, 3, 4, 6}) {
      auto options = changed;
      options.maxSteps = stop;
      const auto first = trained(options);
      auto again = changed;
      again.from = first->checkpoints.back().state;
      const auto second = trained(again);
      auto points = recorded(first->points);
      QVERIFY(join(points, recorded(second->points)));
      QVERIFY(points == recorded(whole->points));
      QVERIFY(core::sameState(finalState(*second), finalState(*whole)));
    }
    QVERIFY(recorded(whole->points) != recorded(trained(optionsFor(spec))->points));
  }
}

namespace {

/// Real digits as MNIST's files have them: the project's own excerpt (8 x 8 pixels).
void writeDigits(const std::filesystem::path& images, const std::filesystem::path& labels) {
  std::ifstream in(CAIRN_SOURCE_DIR "/resources/examples/digits.csv");
  std::string line, pixels, classes;
  std::getline(in, line);
  const auto columns = std::count(line.begin(), line.end(), ',');
  const bool first = line.starts_with("digit");
  std::uint32_t rows = 0;
  for (; std::getline(in, line) && rows < 600; ++rows) {
    std::stringstream cells(line);
    std::string cell;
    for (std::ptrdiff_t at = 0; std::getline(cells, cell, ','); ++at) {
      const bool label = at == (first ? 0 : columns);
      (label ? classes : pixels) += static_cast<char>(label ? std::stoi(cell) : std::stoi(cell) * 15);
    }
  }
  const auto word = [](std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
    return bytes;
  };
  std::ofstream(images, std::ios::binary) << word(0x803) << word(rows) << word(8) << word(8) << pixels;
  std::ofstream(labels, std::ios::binary) << word(0x801) << word(rows) << classes;
}

nlohmann::json imagesSpec(const std::filesystem::path& images, const std::filesystem::path& labels, int batch,
                          int steps) {
  auto spec = cnnSpec();
  spec["data"] = {
      {"format", "idx"}, {"images", images.string()}, {"labels", labels.string()}, {"validation_fraction", 0.1}};
  spec["training"] = {{"steps", steps}, {"batch_size", batch}, {"seed", 1}, {"device", "cpu"}, {"threads", 1}};
  spec["lr_scheduler"] = {{"type", "CosineAnnealingLR"}, {"warmup_steps", 10}};
  return spec;
}

}  // namespace

void TestExactResume::onRealDigits() {
  const auto images = dataFolder() / "digits-images", labels = dataFolder() / "digits-labels";
  writeDigits(images, labels);
  const auto spec = imagesSpec(images, labels, 32, 24);
  const auto whole = trained(optionsFor(spec));
  QCOMPARE(whole->last().state, core::SessionState::Completed);
  for (const std::int64_t stop : {7, 17}) QVERIFY(goesOnAs(*whole, *stoppedAt(spec, stop), spec));
}

/// CAIRN_MNIST: a folder with MNIST's own files. An epoch's end and its validation lie in between.
void TestExactResume::onMnist() {
  const auto folder = qEnvironmentVariable("CAIRN_MNIST").toStdString();
  if (folder.empty()) QSKIP("CAIRN_MNIST names no folder with MNIST's files");
  std::filesystem::path images, labels;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with("train-images")) images = entry.path();
    if (entry.path().filename().string().starts_with("train-labels")) labels = entry.path();
  }
  QVERIFY(!images.empty() && !labels.empty());
  const auto spec = imagesSpec(images, labels, 250, 230);
  const auto whole = trained(optionsFor(spec));
  QCOMPARE(whole->last().state, core::SessionState::Completed);
  for (const std::int64_t stop : {97, 216, 223}) QVERIFY(goesOnAs(*whole, *stoppedAt(spec, stop), spec));
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

void zeroTensor(StateTree& leaf) {
  const auto& tensor = *leaf.as<core::Tensor>();
  const std::vector<std::byte> zeros(tensor.bytes.size());
  leaf = core::Tensor::copyOf(tensor.dtype, tensor.shape, zeros);
}

/// All entries whose name ends so.
void zero(StateTree& model, std::string_view ending) {
  for (auto& [key, child] : model.as<StateTree::Dict>()->items)
    if (std::get<std::string>(key).ends_with(ending)) zeroTensor(child);
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
  if (part == "epoch") tree.set(keys::kEpoch, 0);
  if (part == "reference") tree.find(keys::kCairn)->find(keys::kEarlyStopping)->set(keys::kReference, -1.0);
  if (part == "best step") tree.find(keys::kCairn)->find(keys::kEarlyStopping)->set(keys::kBestStep, 1);
  if (part == "phase") setOwn(tree, keys::kPhase, "training");
  if (part == "newest values") tree.set(keys::kMetrics, StateTree::dict());
  if (part == "weights") zero(*tree.find(keys::kModel), "weight");
  if (part == "step counts")
    for (auto& [key, state] : tree.find(keys::kOptimizer)->find(keys::kOptimizerState)->as<StateTree::Dict>()->items)
      zeroTensor(*state.find("step"));
  if (part == "buffers") zero(*tree.find(keys::kModel), "running_mean");
}

}  // namespace

void TestExactResume::ablationShows_data() {
  QTest::addColumn<QString>("part");
  for (const char* part : {"nothing", "optimizer", "scheduler", "generator", "sampler", "epoch of the sampler", "lr",
                           "best value", "patience", "reference", "best step", "meters", "step", "epoch", "buffers",
                           "weights", "step counts", "newest values", "phase"})
    QTest::newRow(part) << QString(part);
}

/// With a part of the state left out, the difference is seen: the other tests can fail.
void TestExactResume::ablationShows() {
  QFETCH(QString, part);
  auto spec = cnnSpec();
  spec["lr_scheduler"] = {{"type", "StepLR"}, {"step_size", 2}, {"gamma", 0.5}};
  spec["early_stopping"] = {{"patience", 5}};
  if (part == "step counts") spec["optimizer"] = optimizers()[1];
  const auto whole = trained(optionsFor(spec));
  const bool inValidation = part == "phase";
  const auto first = inValidation ? stoppedInValidation(spec) : stoppedAt(spec, 4);
  auto tree = *first->checkpoints.back().state;
  leaveOut(tree, part.toStdString());
  const auto from = std::make_shared<const StateTree>(tree);
  const auto second = resumed(spec, from);
  const std::int64_t soon = inValidation ? 7 : 5;
  const auto next = stoppedAt(spec, soon, from);  // sums show only before an epoch ends
  auto points = recorded(first->points);
  const bool same = join(points, recorded(second->points)) && points == recorded(whole->points) &&
                    core::sameState(finalState(*second), finalState(*whole)) && !next->checkpoints.empty() &&
                    core::sameState(finalState(*next), finalState(*stoppedAt(spec, soon)));
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

void TestExactResume::otherSamplesBeginAnew_data() {
  QTest::addColumn<bool>("text");
  QTest::addColumn<QString>("setting");
  QTest::addColumn<QString>("value");
  QTest::addColumn<bool>("sameEpoch");
  QTest::addColumn<bool>("sameBest");
  QTest::newRow("lr") << false << "/optimizer/lr" << "0.3" << true << true;
  QTest::newRow("fraction") << false << "/data/validation_fraction" << "0.4" << false << false;
  QTest::newRow("seed that draws the split") << false << "/training/seed" << "99" << false << false;
  QTest::newRow("seed of a text, whose tail validates") << true << "/training/seed" << "99" << false << true;
  QTest::newRow("order") << false << "/data/shuffle" << "false" << false << true;
}

/// A branch within an epoch: on other samples, or in another order, that epoch begins anew and its means with it; what
/// was best on other samples says nothing here.
void TestExactResume::otherSamplesBeginAnew() {
  QFETCH(bool, text);
  QFETCH(QString, setting);
  QFETCH(QString, value);
  QFETCH(bool, sameEpoch);
  QFETCH(bool, sameBest);
  auto spec = text ? transformerSpec() : mlpSpec();
  const auto first = stoppedAt(spec, 5);
  spec[nlohmann::json::json_pointer(setting.toStdString())] = nlohmann::json::parse(value.toStdString());
  auto options = optionsFor(spec);
  options.from = first->checkpoints.back().state;
  options.branch = true;
  const auto learner = engine::makeLearner(options, {});
  QCOMPARE(learner.counters.step, 5);
  QCOMPARE(learner.sampler->epoch(), 1);
  QCOMPARE(learner.sampler->cursor() != 0, sameEpoch);
  QCOMPARE(learner.counters.epochLoss.count, learner.sampler->cursor());
  QCOMPARE(learner.counters.improvement.best.has_value(), sameBest);
}

void TestExactResume::generatorStateIsPyTorchs() {
  const auto sink = stoppedAt(mlpSpec(), 1);
  const auto& state = sink->checkpoints.back().state->at(keys::kRngState).tensor(keys::kRngCpu);
  QCOMPARE(state.dtype, core::DType::UInt8);
  QCOMPARE(state.numel(), 5056);  // torch.get_rng_state().numel()
}

CAIRN_TEST(TestExactResume, exact_resume)
#include "tst_exact_resume.moc"
