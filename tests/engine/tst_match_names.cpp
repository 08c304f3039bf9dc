#include <QTest>

#include "engine/models/match_names.h"
#include "support/test_registry.h"

using namespace cairn;
using engine::NamedShape;

namespace {

using Shapes = std::vector<NamedShape>;
using Indices = std::vector<std::optional<std::size_t>>;

const Shapes kModel = {
    {"layers.0.weight", {8, 4}}, {"layers.0.bias", {8}}, {"layers.3.weight", {8, 8}}, {"layers.3.bias", {8}}};

}  // namespace

class MatchNamesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void byNameWhateverTheOrder();
  void behindAPrefixOnEitherSide();
  void byOrderWithinAKindAndShape();
  void someNamesAlikeDoNotMislead();
  void theEndOfANameTellsAlikeShapesApart();
  void whatIsLeftOverIsTold();
  void aSharedTensorIsTied();
};

void MatchNamesTest::byNameWhateverTheOrder() {
  const Shapes file = {kModel[3], kModel[2], kModel[1], kModel[0]};
  const auto match = engine::matchNames(kModel, file);
  QVERIFY(match.byName);
  QVERIFY((match.ofModel == Indices{3, 2, 1, 0}));
}

void MatchNamesTest::behindAPrefixOnEitherSide() {
  Shapes longer = kModel, shorter = kModel;
  for (auto& tensor : longer) tensor.name = "module." + tensor.name;
  for (auto& tensor : shorter) tensor.name = tensor.name.substr(7);
  QVERIFY(engine::matchNames(kModel, longer).byName);
  QVERIFY(engine::matchNames(kModel, shorter).byName);
  Shapes glued = kModel;
  for (auto& tensor : glued) tensor.name = "x" + tensor.name;
  QVERIFY(!engine::matchNames(kModel, glued).byName);
}

void MatchNamesTest::byOrderWithinAKindAndShape() {
  const Shapes file = {{"fc2.weight", {8, 8}}, {"fc2.bias", {8}}, {"fc1.weight", {8, 4}}, {"fc1.bias", {8}}};
  const auto match = engine::matchNames(kModel, file);
  QVERIFY(!match.byName);
  QVERIFY((match.ofModel == Indices{2, 1, 0, 3}));
  QVERIFY((match.ofFile == Indices{2, 1, 0, 3}));
}

void MatchNamesTest::someNamesAlikeDoNotMislead() {
  // Sequential without dropout: its fourth layer has the name of the model's third.
  Shapes model, file;
  for (const int number : {0, 3, 6, 9}) model.push_back({"layers." + std::to_string(number) + ".weight", {8, 8}});
  for (const int number : {0, 2, 4, 6}) file.push_back({"layers." + std::to_string(number) + ".weight", {8, 8}});
  QVERIFY((engine::matchNames(model, file).ofModel == Indices{0, 1, 2, 3}));
}

void MatchNamesTest::theEndOfANameTellsAlikeShapesApart() {
  const Shapes model = {{"features.1.weight", {4}}, {"features.1.bias", {4}}, {"features.1.running_mean", {4}}};
  const Shapes file = {{"bn.bias", {4}}, {"bn.running_mean", {4}}, {"bn.weight", {4}}};  // as safetensors sorts them
  QVERIFY((engine::matchNames(model, file).ofModel == Indices{2, 0, 1}));
}

void MatchNamesTest::whatIsLeftOverIsTold() {
  const Shapes file = {{"a.weight", {8, 5}}, {"a.bias", {8}}};
  const auto match = engine::matchNames(kModel, file);
  QVERIFY((match.ofModel == Indices{{}, 1, {}, {}}));
  QVERIFY((match.ofFile == Indices{{}, 1}));
  QVERIFY(!engine::matchNames(kModel, {}).ofModel[0]);
  QVERIFY(!engine::matchNames({}, file).ofFile[0]);
}

void MatchNamesTest::aSharedTensorIsTied() {
  const float values[2] = {1, 2};
  const auto shared = core::Tensor::copyOf(core::DType::Float32, {2}, std::as_bytes(std::span(values)));
  const auto other = core::Tensor::copyOf(core::DType::Float32, {2}, std::as_bytes(std::span(values)));
  const auto match = engine::matchNames({{"embedding", {2}}}, {{"wte", {2}}, {"head", {2}}, {"other", {2}}});
  const auto tied = engine::tiedTo(match, {{"wte", &shared}, {"head", &shared}, {"other", &other}});
  QVERIFY((tied == Indices{{}, 0, {}}));
}

CAIRN_TEST(MatchNamesTest, match_names)
#include "tst_match_names.moc"
