#include <QTest>
#include <bit>
#include <cmath>
#include <limits>

#include "core/compare_weights.h"
#include "core/comparison_summary.h"
#include "core/error.h"
#include "core/tensor_arithmetic.h"
#include "spec_samples.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::core;
using namespace cairn::tests;

namespace {

Tensor floats(std::vector<std::int64_t> shape, const std::vector<float>& values) {
  return Tensor::copyOf(DType::Float32, std::move(shape), std::as_bytes(std::span(values)));
}

Weights one(const std::string& name, Tensor tensor) { return {{.name = name, .tensor = std::move(tensor)}}; }

Compared checkpoint(const nlohmann::json& spec, std::map<std::string, double> metrics, const std::string& hash = "h") {
  Compared made;
  made.run.spec = parsed(spec);
  made.checkpoint.metrics = std::move(metrics);
  made.checkpoint.hash = hash;
  return made;
}

const MetricRow& row(const ComparisonSummary& summary, const std::string& name) {
  for (const auto& one : summary.metrics)
    if (one.name == name) return one;
  throw Error(name, "is not there");
}

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

}  // namespace

class TestComparison : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void marksTheBest();
  void marksNothingThatCannotBeCompared();
  void whatDataIsTellsMoreThanItsName();
  void listsTheSettingsThatDiffer();
  void sameHashesAreIdentical();
  void distancesAreThoseOfVectors();
  void zeroNormsHaveNoDirection();
  void numbersThatAreNoneAreCounted();
  void everyTypeIsRead();
  void longTensorsAreSummedWhole();
  void differentModelsAreComparedWhereTheyAgree();
  void fourAtOnce();
  void buffersAreNotAmongTheParameters();
  void histogramsShareTheirBins();
  void channelsTellWhereItMoved();
  void canBeCancelled();
};

void TestComparison::marksTheBest() {
  const auto summary = summarize({checkpoint(csvSpec(), {{"val/loss", 0.4}, {"val/accuracy", 0.9}, {"lr", 0.1}}),
                                  checkpoint(csvSpec(), {{"val/loss", 0.3}, {"val/accuracy", 0.9}, {"lr", 0.2}}),
                                  checkpoint(csvSpec(), {{"val/loss", 0.3}, {"train/loss", 0.2}, {"lr", 0.3}})});
  QCOMPARE(summary.metrics.front().name, std::string("val/loss"));
  QCOMPARE(row(summary, "val/loss").best, (std::vector<bool>{false, true, true}));
  QCOMPARE(row(summary, "val/accuracy").best, (std::vector<bool>{false, false, false}));  // all that have it are equal
  QCOMPARE(row(summary, "train/loss").best, (std::vector<bool>{false, false, false}));    // only one has it
  QCOMPARE(row(summary, "lr").best, (std::vector<bool>{false, false, false}));
  QVERIFY(!row(summary, "val/accuracy").values[2]);
}

void TestComparison::marksNothingThatCannotBeCompared() {
  const auto summaryWith = [](const nlohmann::json& other) {
    return summarize({checkpoint(csvSpec(), {{"val/loss", 0.4}, {"train/loss", 0.4}}),
                      checkpoint(other, {{"val/loss", 0.3}, {"train/loss", 0.3}})});
  };
  const auto otherSeed = summaryWith(with(csvSpec(), "/training/seed", 5));
  QVERIFY(row(otherSeed, "val/loss").why.find("training.seed") != std::string::npos);
  QCOMPARE(row(otherSeed, "val/loss").best, (std::vector<bool>{false, false}));
  QCOMPARE(row(otherSeed, "train/loss").best, (std::vector<bool>{false, true}));
  QVERIFY(!row(summaryWith(with(csvSpec(), "/data/path", "other.csv")), "val/loss").why.empty());
  QVERIFY(row(summaryWith(with(csvSpec(), "/optimizer/lr", 0.5)), "val/loss").why.empty());
}

void TestComparison::whatDataIsTellsMoreThanItsName() {
  const auto why = [](const nlohmann::json& other, const std::string& a, const std::string& b) {
    auto one = checkpoint(csvSpec(), {{"val/loss", 0.4}}), two = checkpoint(other, {{"val/loss", 0.3}});
    one.dataFingerprint = a;
    two.dataFingerprint = b;
    return row(summarize({one, two}), "val/loss").why;
  };
  const auto moved = with(csvSpec(), "/data/path", "moved.csv");
  QCOMPARE(why(moved, "f", "f"), std::string());
  for (const auto& [a, b] : {std::pair("f", "g"), std::pair("f", ""), std::pair("", "")})
    QVERIFY(why(moved, a, b).find("data.path") != std::string::npos);
  QVERIFY(!why(with(moved, "/data/validation_fraction", 0.7), "f", "f").empty());
}

void TestComparison::listsTheSettingsThatDiffer() {
  const auto summary = summarize(
      {checkpoint(csvSpec(), {}), checkpoint(with(csvSpec(), "/optimizer/lr", 0.5), {}), checkpoint(idxSpec(), {})});
  const auto value = [&](const std::string& key) {
    for (const auto& setting : summary.settings)
      if (setting.key == key) return setting;
    return SettingRow{};
  };
  QCOMPARE(value("optimizer.lr").values, (std::vector<std::string>{"0.001", "0.5", "0.001"}));
  QVERIFY(value("optimizer.lr").differs && !value("training.batch_size").differs);
  QCOMPARE(value("data.images").values, (std::vector<std::string>{"", "", "\"/data/i\""}));
  QVERIFY(value("name").key.empty());
}

void TestComparison::sameHashesAreIdentical() {
  QVERIFY(summarize({checkpoint(csvSpec(), {}), checkpoint(csvSpec(), {})}).identical);
  QVERIFY(!summarize({checkpoint(csvSpec(), {}), checkpoint(csvSpec(), {}, "i")}).identical);
  QVERIFY(!summarize({checkpoint(csvSpec(), {}, ""), checkpoint(csvSpec(), {}, "")}).identical);
}

void TestComparison::distancesAreThoseOfVectors() {
  const auto compared =
      compareWeights({one("w", floats({2, 2}, {3, 4, 0, 0})), one("w", floats({2, 2}, {3, 0, 0, 5}))});
  const auto& tensor = compared.tensors.at(0);
  const auto& distance = tensor.distances.at(0);
  QCOMPARE(tensor.stats[0].norm, 5.0);
  QCOMPARE(tensor.stats[0].mean, 1.75);
  QCOMPARE(tensor.stats[1].max, 5.0);
  QCOMPARE(distance.l2, std::sqrt(41.0));
  QCOMPARE(*distance.relativeL2, std::sqrt(41.0) / 5);
  QCOMPARE(*distance.cosine, 9 / (5 * std::sqrt(34.0)));
  QCOMPARE(distance.maxAbs, 5.0);
  QCOMPARE(distance.maxIndex, (std::vector<std::int64_t>{1, 1}));
  QVERIFY(distance.atA == 0 && distance.atOther == 5 && !distance.identical && !compared.identical);
  QCOMPARE(*compared.whole.at(0).relativeL2, *distance.relativeL2);
  QCOMPARE(compared.parameters, 4);
}

void TestComparison::zeroNormsHaveNoDirection() {
  const auto distance = [](const std::vector<float>& a, const std::vector<float>& b) {
    return compareWeights({one("w", floats({2}, a)), one("w", floats({2}, b))}).tensors[0].distances[0];
  };
  QVERIFY(!distance({0, 0}, {1, 0}).relativeL2 && !distance({0, 0}, {1, 0}).cosine);
  QCOMPARE(*distance({0, 0}, {0, 0}).relativeL2, 0.0);
  QVERIFY(!distance({0, 0}, {0, 0}).cosine && distance({0, 0}, {0, 0}).identical);
  QCOMPARE(*distance({1, 0}, {0, 0}).relativeL2, 1.0);
  QCOMPARE(*distance({0.1f, 0.7f}, {0.1f, 0.7f}).cosine, 1.0);  // and not the last bit less
  QVERIFY(!distance({0, -0.0f}, {0, 0}).identical);             // equal numbers, other bits
}

void TestComparison::numbersThatAreNoneAreCounted() {
  const auto compared = compareWeights({one("w", floats({3}, {1, kNan, 2})), one("w", floats({3}, {1, 5, 4}))});
  const auto& tensor = compared.tensors[0];
  QVERIFY(std::isnan(tensor.stats[0].norm));
  QCOMPARE(tensor.stats[0].notFinite, 1);
  QCOMPARE(tensor.stats[0].mean, 1.5);
  QVERIFY(!tensor.distances[0].relativeL2 && !tensor.distances[0].cosine);
  QCOMPARE(tensor.distances[0].maxAbs, 2.0);
  QCOMPARE(tensor.distances[0].maxIndex, std::vector<std::int64_t>{2});
  QVERIFY(std::isinf(
      compareWeights({one("w", floats({1}, {INFINITY})), one("w", floats({1}, {0}))}).tensors[0].stats[0].norm));
  const auto same = compareWeights({one("w", floats({1}, {kNan})), one("w", floats({1}, {kNan}))});
  QVERIFY(same.identical && !same.tensors[0].distances[0].relativeL2);
}

void TestComparison::everyTypeIsRead() {
  const auto bytesOf = [](const auto& values) { return std::as_bytes(std::span(values)); };
  const auto statsFor = [&](DType type, const auto& values) {
    return statsOf(Tensor::copyOf(type, {2}, bytesOf(values)));
  };
  QCOMPARE(statsFor(DType::Float64, std::vector<double>{3, 4}).norm, 5.0);
  QCOMPARE(statsFor(DType::Float16, std::vector<std::uint16_t>{0x4200, 0x4400}).norm, 5.0);
  QCOMPARE(statsFor(DType::BFloat16, std::vector<std::uint16_t>{0x4040, 0x4080}).norm, 5.0);
  QCOMPARE(statsFor(DType::Int64, std::vector<std::int64_t>{-3, 4}).norm, 5.0);
  QCOMPARE(statsFor(DType::Int16, std::vector<std::int16_t>{-3, 4}).min, -3.0);
  QCOMPARE(statsFor(DType::UInt8, std::vector<std::uint8_t>{200, 0}).max, 200.0);
  QCOMPARE(statsFor(DType::Bool, std::vector<std::uint8_t>{1, 0}).mean, 0.5);
  const std::int64_t count = 7;
  const auto scalar = statsOf(Tensor::copyOf(DType::Int64, {}, std::as_bytes(std::span(&count, 1))));
  QVERIFY(scalar.norm == 7 && scalar.deviation == 0);
  QCOMPARE(statsOf(floats({0, 3}, {})).norm, 0.0);
}

void TestComparison::longTensorsAreSummedWhole() {
  constexpr std::int64_t kCount = 100'003;  // many pieces, and a part of one
  std::vector<float> a(kCount), b(kCount);
  double squares = 0, mean = 0;
  for (std::int64_t i = 0; i < kCount; ++i) {
    a[i] = 1000 + static_cast<float>(i % 7);  // far from 0: a naive variance would lose it
    b[i] = a[i] + 1;
    squares += static_cast<double>(a[i]) * a[i];
    mean += a[i];
  }
  b[kCount - 1] += 2;
  mean /= kCount;
  double around = 0;
  for (const float value : a) around += (value - mean) * (value - mean);
  const auto stats = statsOf(floats({kCount}, a));
  QVERIFY(std::abs(stats.norm / std::sqrt(squares) - 1) < 1e-13);
  QVERIFY(std::abs(stats.deviation / std::sqrt(around / kCount) - 1) < 1e-11);
  const auto sums = sumsOf(floats({kCount}, a), floats({kCount}, b));
  QCOMPARE(sums.squares, kCount - 1 + 9.0);
  QCOMPARE(sums.maxAt, kCount - 1);
}

void TestComparison::differentModelsAreComparedWhereTheyAgree() {
  Weights a = one("both", floats({2}, {1, 2})), b = one("both", floats({2}, {1, 2}));
  a.push_back({.name = "shape", .tensor = floats({2}, {1, 2})});
  b.push_back({.name = "shape", .tensor = floats({1, 2}, {1, 2})});
  b.push_back({.name = "new", .tensor = floats({1}, {1})});
  const auto compared = compareWeights({a, b});
  QCOMPARE(compared.tensors.size(), std::size_t{1});
  QCOMPARE(compared.onlyIn.size(), std::size_t{2});
  QCOMPARE(compared.onlyIn[0].name, std::string("shape"));
  QCOMPARE(*compared.onlyIn[0].shapes[1], (std::vector<std::int64_t>{1, 2}));
  QVERIFY(compared.onlyIn[1].name == "new" && !compared.onlyIn[1].shapes[0]);
  QVERIFY(!compared.identical && !compared.whole[0].identical);
  QVERIFY_EXCEPTION_THROWN(detailOf({a, b}, "shape", 10), Error);
}

void TestComparison::fourAtOnce() {
  std::vector<Weights> four;
  for (const float value : {1.0f, 2.0f, 1.0f, -1.0f}) four.push_back(one("w", floats({1}, {value})));
  const auto compared = compareWeights(four);
  QCOMPARE(compared.tensors[0].stats.size(), std::size_t{4});
  QCOMPARE(compared.whole.size(), std::size_t{3});
  QCOMPARE(*compared.whole[0].relativeL2, 1.0);
  QVERIFY(compared.whole[1].identical && !compared.identical);
  QCOMPARE(*compared.whole[2].cosine, -1.0);
}

void TestComparison::buffersAreNotAmongTheParameters() {
  Weights a = one("w", floats({2}, {3, 4})), b = a;
  a.push_back({.name = "bn.running_mean", .tensor = floats({1}, {100}), .learnt = false});
  b.push_back({.name = "bn.running_mean", .tensor = floats({1}, {0}), .learnt = false});
  const auto compared = compareWeights({a, b});
  QCOMPARE(compared.parameters, 2);
  QCOMPARE(*compared.whole[0].relativeL2, 0.0);
  QVERIFY(compared.norms[0] == 5 && !compared.identical && !compared.tensors[1].learnt);
}

void TestComparison::histogramsShareTheirBins() {
  const auto detail = detailOf({one("w", floats({4}, {0, 1, 2, kNan})), one("w", floats({4}, {1, 2, 3, 4}))}, "w", 4);
  QVERIFY(detail.low == 0 && detail.high == 4);
  QCOMPARE(detail.counts[0], (std::vector<std::int64_t>{1, 1, 1, 0}));
  QCOMPARE(detail.counts[1], (std::vector<std::int64_t>{0, 1, 1, 2}));  // 4 is in the last
  const auto flat = detailOf({one("w", floats({2}, {7, 7})), one("w", floats({2}, {7, 7}))}, "w", 2);
  QVERIFY(flat.low == 6.5 && flat.high == 7.5);
  QCOMPARE(flat.counts[0], (std::vector<std::int64_t>{0, 2}));
  const auto none = detailOf({one("w", floats({1}, {kNan})), one("w", floats({1}, {kNan}))}, "w", 2);
  QCOMPARE(none.counts[0], (std::vector<std::int64_t>{0, 0}));
  QVERIFY_EXCEPTION_THROWN(detailOf({one("w", floats({1}, {1}))}, "w", 0), Error);
}

void TestComparison::channelsTellWhereItMoved() {
  const auto detail =
      detailOf({one("w", floats({2, 2}, {0, 0, 1, 1})), one("w", floats({2, 2}, {3, 4, 1, 1}))}, "w", 3);
  QCOMPARE(detail.byChannel.at(0), (std::vector<double>{5, 0}));
}

void TestComparison::canBeCancelled() {
  int calls = 0;
  const Progress stop = [&](std::string_view, std::int64_t, std::int64_t) { return ++calls < 2; };
  try {
    compareWeights({one("w", floats({2}, {1, 2})), one("w", floats({2}, {1, 2}))}, stop);
    QFAIL("it went on");
  } catch (const Error& error) {
    QVERIFY(error.kind() == ErrorKind::Cancelled);
  }
}

CAIRN_TEST(TestComparison, comparison)
#include "tst_comparison.moc"
