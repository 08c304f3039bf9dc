// The schedules against PyTorch's own numbers, to the last bit: lr after each epoch, from 0.1, as printed by Python's
// torch 1.13.1 (`optimizer.param_groups[0]['lr']` after each `scheduler.step()`).
#include <QTest>
#include <limits>

#include "engine/optim/scheduler.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::engine;

namespace {

std::vector<double> run(const core::LRSchedulerSpec& spec, std::size_t epochs,
                        const std::vector<double>& monitored = {}) {
  const auto scheduler = makeScheduler(spec, 0.1, 0);
  std::vector<double> values;
  double lr = 0.1;
  for (std::size_t epoch = 0; epoch < epochs; ++epoch)
    values.push_back(lr = scheduler->step(lr, monitored.empty() ? 0 : monitored[epoch]));
  return values;
}

const core::LRSchedulerSpec kStep{core::StepLR{3, 0.5}};
const core::LRSchedulerSpec kExponential{core::ExponentialLR{0.9}};
const core::LRSchedulerSpec kCosine{core::CosineAnnealingLR{4, 0.01}};
const core::LRSchedulerSpec kPlateau{
    core::ReduceLROnPlateau{.factor = 0.5, .patience = 1, .cooldown = 1, .minLr = 0.02}};
const std::vector<double> kLosses = {1, 0.9, 0.95, 0.96, 0.97, 0.98, 0.99, 0.5, 0.6, 0.7};

}  // namespace

class TestSchedulers : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void stepLR() { QCOMPARE(run(kStep, 7), (std::vector{0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025})); }
  void exponentialLR();
  void cosineFollowsTheRecursion();
  void plateau();
  void stateGoesOnWhereItWas();
  void stateHasPyTorchsKeys();
  void tMaxIsTheRunsEpochsUnlessGiven();
  void warmupRisesToOne();
};

namespace {
/// QCOMPARE of doubles is fuzzy; these are not.
bool same(const std::vector<double>& a, const std::vector<double>& b) { return a == b; }
}  // namespace

void TestSchedulers::exponentialLR() {
  QVERIFY(same(run(kExponential, 5), {0.09000000000000001, 0.08100000000000002, 0.07290000000000002,
                                      0.06561000000000002, 0.05904900000000002}));
}

void TestSchedulers::cosineFollowsTheRecursion() {
  QVERIFY(same(run(kCosine, 12), {0.08681980515339464, 0.05500000000000001, 0.023180194846605363, 0.01,
                                  0.023180194846605363, 0.05500000000000002, 0.08681980515339469, 0.10000000000000006,
                                  0.0868198051533947, 0.05500000000000005, 0.023180194846605412, 0.01}));
}

void TestSchedulers::plateau() {
  QVERIFY(same(run(kPlateau, 10, kLosses), {0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025, 0.02}));
  const core::LRSchedulerSpec rising{core::ReduceLROnPlateau{
      .mode = core::Mode::Max, .factor = 0.1, .patience = 0, .threshold = 0.01, .relativeThreshold = false}};
  QVERIFY(same(run(rising, 5, {0.5, 0.505, 0.6, 0.6, 0.7}),
               {0.1, 0.010000000000000002, 0.010000000000000002, 0.0010000000000000002, 0.0010000000000000002}));
}

void TestSchedulers::stateGoesOnWhereItWas() {
  for (const auto& spec : {kStep, kExponential, kCosine, kPlateau}) {
    const auto whole = run(spec, 10, kLosses);
    for (std::size_t stop = 1; stop < 10; ++stop) {
      const auto first = makeScheduler(spec, 0.1, 0);
      double lr = 0.1;
      for (std::size_t epoch = 0; epoch < stop; ++epoch) lr = first->step(lr, kLosses[epoch]);
      const auto second = makeScheduler(spec, 0.1, 0);
      second->loadStateDict(first->stateDict());
      QVERIFY(core::sameState(first->stateDict(), second->stateDict()));
      for (std::size_t epoch = stop; epoch < 10; ++epoch)
        QVERIFY((lr = second->step(lr, kLosses[epoch])) == whole[epoch]);
    }
  }
}

void TestSchedulers::stateHasPyTorchsKeys() {
  const auto cosine = makeScheduler(kCosine, 0.1, 0);
  cosine->step(0.1, 0);
  const auto state = cosine->stateDict();
  for (const char* key : {"T_max", "eta_min", "base_lrs", "last_epoch", "verbose", "_step_count",
                          "_get_lr_called_within_step", "_last_lr"})
    QVERIFY2(state.find(key), key);
  QCOMPARE(state.integer("last_epoch"), 1);
  QCOMPARE(state.integer("_step_count"), 2);
  const auto plateau = makeScheduler(kPlateau, 0.1, 0)->stateDict();
  for (const char* key : {"factor", "min_lrs", "patience", "verbose", "cooldown", "cooldown_counter", "mode",
                          "threshold", "threshold_mode", "best", "num_bad_epochs", "mode_worse", "eps", "last_epoch"})
    QVERIFY2(plateau.find(key), key);
  QCOMPARE(plateau.number("best"), std::numeric_limits<double>::infinity());
}

void TestSchedulers::tMaxIsTheRunsEpochsUnlessGiven() {
  const auto scheduler = makeScheduler({core::CosineAnnealingLR{}}, 0.1, 7);
  QCOMPARE(scheduler->stateDict().integer("T_max"), 7);
}

void TestSchedulers::warmupRisesToOne() {
  QCOMPARE(warmupFactor(1, 4), 0.25);
  QCOMPARE(warmupFactor(4, 4), 1.0);
  QCOMPARE(warmupFactor(5, 4), 1.0);
  QCOMPARE(warmupFactor(1, 0), 1.0);
}

CAIRN_TEST(TestSchedulers, schedulers)
#include "tst_schedulers.moc"
