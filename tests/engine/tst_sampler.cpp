// The order of samples: complete, reproducible, and taken up anywhere.
#include <QTest>
#include <algorithm>
#include <numeric>

#include "engine/loop/sampler.h"
#include "support/test_registry.h"

using cairn::engine::Sampler;

namespace {

const std::vector<std::int64_t> kSamples = [] {
  std::vector<std::int64_t> samples(11);
  std::iota(samples.begin(), samples.end(), 100);
  return samples;
}();

std::vector<std::int64_t> restOfEpoch(Sampler& sampler) {
  std::vector<std::int64_t> all;
  while (!sampler.epochDone()) {
    const auto batch = sampler.next();
    all.insert(all.end(), batch.begin(), batch.end());
  }
  return all;
}

}  // namespace

class TestSampler : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void anEpochTakesEachSampleOnce();
  void ordersDependOnSeedAndEpochAlone();
  void anyPositionIsTakenUpAgain();
  void withoutShuffleTheFilesOrderStands();
};

void TestSampler::anEpochTakesEachSampleOnce() {
  Sampler sampler(kSamples, 4, 7, true);
  QCOMPARE(sampler.batchesPerEpoch(), 3);
  auto taken = restOfEpoch(sampler);
  QVERIFY(taken != kSamples);
  std::sort(taken.begin(), taken.end());
  QVERIFY(taken == kSamples);
  QVERIFY(sampler.epochDone());
}

void TestSampler::ordersDependOnSeedAndEpochAlone() {
  Sampler a(kSamples, 4, 7, true), b(kSamples, 3, 7, true), c(kSamples, 4, 8, true);
  const auto first = restOfEpoch(a);
  QVERIFY(restOfEpoch(b) == first);
  QVERIFY(restOfEpoch(c) != first);
  a.beginNextEpoch();
  QVERIFY(restOfEpoch(a) != first);
}

void TestSampler::anyPositionIsTakenUpAgain() {
  Sampler whole(kSamples, 4, 7, true);
  whole.beginNextEpoch();
  const auto all = restOfEpoch(whole);
  Sampler resumed(kSamples, 4, 7, true);
  resumed.restore(1, 8);
  QCOMPARE(resumed.batchesLeft(), 1);
  const auto rest = restOfEpoch(resumed);
  QVERIFY(std::equal(rest.begin(), rest.end(), all.begin() + 8, all.end()));
}

void TestSampler::withoutShuffleTheFilesOrderStands() {
  Sampler sampler(kSamples, 4, 7, false);
  QVERIFY(restOfEpoch(sampler) == kSamples);
}

CAIRN_TEST(TestSampler, sampler)
#include "tst_sampler.moc"
