#include <QTest>
#include <array>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "core/state_tree.h"
#include "support/test_registry.h"

using namespace cairn::core;

namespace {
Tensor floats(const std::vector<float>& values) {
  return Tensor::copyOf(DType::Float32, {static_cast<std::int64_t>(values.size())}, std::as_bytes(std::span(values)));
}
template <typename T>
Tensor scalar(DType dtype, T value) {
  return Tensor::copyOf(dtype, {}, std::as_bytes(std::span(&value, 1)));
}
StateTree sample() {
  auto tree = StateTree::dict();
  tree.set("epoch", 3);
  tree.set("loss", 0.25);
  tree.set("name", "run");
  tree.set("weights", floats({1, 2, 3}));
  auto inner = StateTree::stateDict();
  inner.set(0, StateTree::List{true, StateTree()});
  tree.set("inner", inner);
  return tree;
}
}  // namespace

class TestStateTree : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void typedReadsFindWhatIsThere() {
    const auto tree = sample();
    QCOMPARE(tree.integer("epoch"), 3);
    QCOMPARE(tree.number("loss"), 0.25);
    QCOMPARE(tree.number("epoch"), 3.0);
    QCOMPARE(tree.text("name"), std::string("run"));
    QCOMPARE(tree.tensor("weights").at(2), 3.0);
    QVERIFY(tree.at("inner").find(0)->as<StateTree::List>()->at(1).isNone());
  }
  void typedReadsNameWhatIsNot() {
    const auto tree = sample();
    for (const auto& read :
         {+[](const StateTree& t) { (void)t.at("absent"); }, +[](const StateTree& t) { (void)t.integer("loss"); },
          +[](const StateTree& t) { (void)t.text("epoch"); }, +[](const StateTree& t) { (void)t.tensor("name"); }})
      QVERIFY_EXCEPTION_THROWN(read(tree), cairn::Error);
    try {
      (void)tree.integer("absent");
      QFAIL("no error");
    } catch (const cairn::Error& error) {
      QVERIFY(error.subject().find("absent") != std::string::npos);
    }
  }
  void numbersComeAsPyTorchWritesThem() {
    QCOMPARE(StateTree(scalar(DType::Float32, 7.0f)).asInteger().value(), 7);
    QCOMPARE(StateTree(scalar(DType::Int64, std::int64_t{1} << 62)).asInteger().value(), std::int64_t{1} << 62);
    QVERIFY(!StateTree(1.5).asInteger());
    QVERIFY(!StateTree(std::numeric_limits<double>::quiet_NaN()).asInteger());
    QVERIFY(!StateTree(1e300).asInteger());
    QCOMPARE(StateTree(true).asNumber().value(), 1.0);
    QVERIFY(!StateTree("7").asNumber());
    QVERIFY(!StateTree(floats({1, 2})).asNumber());
  }
  void everyDtypeReadsAsADouble() {
    QCOMPARE(scalar(DType::Float16, std::uint16_t{0x3c00}).at(0), 1.0);
    QCOMPARE(scalar(DType::Float16, std::uint16_t{0x0001}).at(0), 0x1p-24);
    QCOMPARE(scalar(DType::Float16, std::uint16_t{0xfc00}).at(0), -std::numeric_limits<double>::infinity());
    QCOMPARE(scalar(DType::BFloat16, std::uint16_t{0xc000}).at(0), -2.0);
    QCOMPARE(scalar(DType::UInt8, std::uint8_t{200}).at(0), 200.0);
    QCOMPARE(scalar(DType::Int8, std::int8_t{-3}).at(0), -3.0);
    QCOMPARE(scalar(DType::Int16, std::int16_t{-300}).at(0), -300.0);
    QCOMPARE(scalar(DType::Int32, std::int32_t{70000}).at(0), 70000.0);
    QCOMPARE(scalar(DType::Float64, 0.1).at(0), 0.1);
    QCOMPARE(scalar(DType::Bool, std::uint8_t{1}).at(0), 1.0);
  }
  void aCopyMustFitItsShape() {
    const std::array<std::byte, 5> bytes{};
    QVERIFY_EXCEPTION_THROWN((void)Tensor::copyOf(DType::Float32, {1}, bytes), cairn::Error);
  }
  void equalityIsBitForBit() {
    QVERIFY(sameState(sample(), sample()));
    auto other = sample();
    other.set("weights", floats({1, 2, std::nextafter(3.0f, 4.0f)}));
    QVERIFY(!sameState(sample(), other));
    const double nan = std::numeric_limits<double>::quiet_NaN();
    QVERIFY(sameState(nan, nan));
    QVERIFY(!sameState(0.0, -0.0));
    QVERIFY(!sameState(1, 1.0));
    QVERIFY(!sameState(StateTree::dict(), StateTree::orderedDict()));
  }
  void settingReplacesInPlace() {
    auto tree = sample();
    tree.set("loss", 0.5);
    QCOMPARE(tree.as<StateTree::Dict>()->items[1].second.asNumber().value(), 0.5);
    QCOMPARE(tree.as<StateTree::Dict>()->items.size(), 5u);
  }
  void keysMeanWhatTheyAreCalledWith() {
    auto tree = StateTree::dict();
    tree.set(std::int64_t{0}, "number");
    tree.set(std::string("0"), "string");
    tree.set("literal", "literal");
    tree.setKey(StateTree::Key(std::string("variant")), "variant");
    QCOMPARE(tree.as<StateTree::Dict>()->items.size(), 4u);
    QCOMPARE(*tree.find(std::int64_t{0})->as<std::string>(), std::string("number"));
    QCOMPARE(*tree.find(0)->as<std::string>(), std::string("number"));
    QCOMPARE(*tree.find("0")->as<std::string>(), std::string("string"));
    QCOMPARE(*tree.find(std::string("variant"))->as<std::string>(), std::string("variant"));
    QCOMPARE(tree.findKey(StateTree::Key(std::int64_t{0})), tree.find(0));
    tree.set(0, "other");
    QCOMPARE(*tree.find(0)->as<std::string>(), std::string("other"));
    QVERIFY(!tree.find(1));
  }
  void sharedStoragesCountOnce() {
    auto tree = StateTree::dict();
    const auto tied = floats({1, 2, 3, 4});
    tree.set("encoder", tied);
    tree.set("decoder", tied);
    tree.set("other", floats({1}));
    QCOMPARE(tensorBytes(tree), 20u);
  }
};

CAIRN_TEST(TestStateTree, state_tree)
#include "tst_state_tree.moc"
