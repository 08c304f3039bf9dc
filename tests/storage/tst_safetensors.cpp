#include <QTest>
#include <limits>

#include "storage/safetensors.h"
#include "support/test_registry.h"
#include "torch_samples.h"

using namespace cairn;
using namespace cairn::tests;
using core::StateTree;

namespace {

std::string encodeSafe(const StateTree& tree, std::map<std::string, std::string> metadata = {}) {
  std::string bytes;
  const storage::SafetensorsWriter writer(tree, std::move(metadata));
  writer.writeTo(
      [&](std::span<const std::byte> data) { bytes.append(reinterpret_cast<const char*>(data.data()), data.size()); });
  if (bytes.size() != writer.size()) throw Error("safetensors", "the size was not known before");
  return bytes;
}

storage::SafetensorsFile decodeSafe(std::string bytes) {
  const auto owner = std::make_shared<const std::string>(std::move(bytes));
  return storage::readSafetensorsSource(
      storage::MemorySource("x.safetensors", {std::as_bytes(std::span(*owner)), owner}));
}

std::string fileOf(const std::string& header, std::size_t dataBytes = 0) {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), sizeof length) + header + std::string(dataBytes, '\1');
}

/// The message, or "" if it was read.
std::string refusal(const std::string& bytes) {
  try {
    decodeSafe(bytes);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

class SafetensorsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void everyTypeComesBack();
  void tiedTensorsAreWrittenOnceAndNamed();
  void tensorsAreAligned();
  void foreignTypesAreShown();
  void paddingAndOrderAreFree();
  void hostileFilesAreRefused_data();
  void hostileFilesAreRefused();
  void everyCutIsRefused();
  void otherThingsAreNotWritten();
  void isToldByItsContent();
};

void SafetensorsTest::everyTypeComesBack() {
  auto tree = StateTree::stateDict();
  for (const auto dtype : kAllDTypes)
    tree.set("t." + std::string(core::dtypeName(dtype)), countingTensor(dtype, {2, 3}));
  tree.set("empty", countingTensor(core::DType::Float32, {0, 5}));
  tree.set("scalar", countingTensor(core::DType::Int64, {}));
  tree.set("Größe \"x\"", countingTensor(core::DType::Float32, {1}));
  const auto file = decodeSafe(encodeSafe(tree, {{"format", "pt"}}));
  QCOMPARE(file.metadata.at("format"), std::string("pt"));
  QCOMPARE(file.tensors.as<StateTree::Dict>()->items.size(), tree.as<StateTree::Dict>()->items.size());
  for (const auto& [key, value] : tree.as<StateTree::Dict>()->items)
    QVERIFY(core::sameState(value, file.tensors.at(std::get<std::string>(key))));
  QVERIFY(encodeSafe(file.tensors, file.metadata) == encodeSafe(tree, {{"format", "pt"}}));
}

void SafetensorsTest::tiedTensorsAreWrittenOnceAndNamed() {
  const auto shared = countingTensor(core::DType::Float32, {3, 4});
  auto tree = StateTree::stateDict();
  tree.set("embedding.weight", shared);
  tree.set("head.weight", shared);
  const auto file = decodeSafe(encodeSafe(tree));
  QVERIFY(file.tensors.find("embedding.weight") && !file.tensors.find("head.weight"));
  QCOMPARE(file.metadata.at("head.weight"), std::string("embedding.weight"));
}

void SafetensorsTest::tensorsAreAligned() {
  auto tree = StateTree::stateDict();
  tree.set("a", countingTensor(core::DType::Bool, {3}));
  tree.set("b", countingTensor(core::DType::Float64, {1}));
  tree.set("c", countingTensor(core::DType::Float32, {1}));
  const auto bytes = encodeSafe(tree);
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  QCOMPARE(length % 8, std::uint64_t{0});
  const auto file = decodeSafe(bytes);
  const auto& first = std::get<std::string>(file.tensors.as<StateTree::Dict>()->items.front().first);
  QCOMPARE(first, std::string("b"));
}

void SafetensorsTest::foreignTypesAreShown() {
  const auto file = decodeSafe(fileOf(R"({"x":{"dtype":"F8_E4M3","shape":[2,2],"data_offsets":[0,4]}})", 4));
  const auto* opaque = file.tensors.at("x").as<std::shared_ptr<const StateTree::Opaque>>();
  QVERIFY(opaque);
  QCOMPARE((*opaque)->global, std::string("safetensors.F8_E4M3"));
  QVERIFY(core::sameState((*opaque)->args.at(0), StateTree::Tuple{{2, 2}}));
}

void SafetensorsTest::paddingAndOrderAreFree() {
  const auto file =
      decodeSafe(fileOf(R"({"b":{"data_offsets":[1,2],"shape":[],"dtype":"U8"},)"
                        R"("__metadata__":{"a":"b"},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}   )",
                        2));
  QCOMPARE(std::get<std::string>(file.tensors.as<StateTree::Dict>()->items.front().first), std::string("a"));
  QVERIFY(decodeSafe(fileOf("{}")).tensors.as<StateTree::Dict>()->items.empty());
}

void SafetensorsTest::hostileFilesAreRefused_data() {
  QTest::addColumn<QString>("header");
  QTest::addColumn<int>("bytes");
  QTest::addColumn<QString>("says");
  const auto row = [](const char* name, const char* header, int bytes, const char* says) {
    QTest::newRow(name) << QString(header) << bytes << QString(says);
  };
  row("overlap",
      R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}})", 6,
      "overlaps");
  row("the same bytes",
      R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})", 4,
      "overlaps");
  row("gap", R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})", 8, "belong to no tensor");
  row("rest", R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})", 5, "at its end");
  row("outside", R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})", 3, "out of the file");
  row("far outside", R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[18446744073709551612,18446744073709551615]}})",
      4, "out of the file");
  row("backwards", R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}})", 4, "out of the file");
  row("size", R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,4]}})", 4, "type and shape want 16");
  row("overflow", R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", 0,
      "impossible shape");
  row("huge", R"({"a":{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,0]}})", 0, "impossible");
  row("negative", R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}})", 0, "negative number");
  row("broken", R"({"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}})", 4, "broken number");
  row("type", R"({"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}})", 4, "unknown");
  row("type is a number", R"({"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}})", 4, "a number");
  row("half a byte", R"({"a":{"dtype":"F4","shape":[1],"data_offsets":[0,0]}})", 0, "type and shape want");
  row("twice",
      R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})", 2,
      "twice");
  row("key twice", R"({"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1, "twice");
  row("missing", R"({"a":{"dtype":"U8","data_offsets":[0,1]}})", 1, "needs dtype");
  row("one offset", R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1]}})", 1, "two data_offsets");
  row("three offsets", R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}})", 1, "more than two");
  row("unknown key", R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"code":"os"}})", 1, "unknown");
  row("nested", R"({"a":{"dtype":"U8","shape":[[1]],"data_offsets":[0,1]}})", 1, "a list");
  row("object in object", R"({"a":{"dtype":{"x":1},"shape":[1],"data_offsets":[0,1]}})", 1, "an object");
  row("metadata", R"({"__metadata__":{"a":1}})", 0, "a number");
  row("list", R"([])", 0, "not a JSON object");
  row("space first", R"( {})", 0, "not a JSON object");
  row("two documents", R"({}{})", 0, "not valid JSON");
  row("cut JSON", R"({"a":{"dtype":"U8")", 0, "not valid JSON");
  row("not an object", R"({"a":3})", 0, "where an object should be");
}

void SafetensorsTest::hostileFilesAreRefused() {
  QFETCH(QString, header);
  QFETCH(int, bytes);
  QFETCH(QString, says);
  const auto message = QString::fromStdString(refusal(fileOf(header.toStdString(), static_cast<std::size_t>(bytes))));
  QVERIFY2(message.startsWith("x.safetensors: ") && message.contains(says), qPrintable(message));
}

void SafetensorsTest::everyCutIsRefused() {
  auto tree = StateTree::stateDict();
  tree.set("a", countingTensor(core::DType::Float32, {4}));
  const auto whole = encodeSafe(tree);
  QVERIFY(refusal(whole).empty());
  for (std::size_t size = 0; size < whole.size(); ++size) QVERIFY(!refusal(whole.substr(0, size)).empty());
  std::string wide = whole;
  const std::uint64_t huge = std::numeric_limits<std::uint64_t>::max();
  std::memcpy(wide.data(), &huge, sizeof huge);
  QVERIFY(refusal(wide).find("more than any") != std::string::npos);
  // A header that asks for far more memory than its size: refused by the budget or by the first wrong value.
  QVERIFY(!refusal(fileOf(R"({"a":{"dtype":"U8","shape":[)" + std::string(1'000'000, '1'))).empty());
  QVERIFY(!refusal(fileOf(std::string(1'000'000, '{'))).empty());
  QVERIFY(!refusal(fileOf("{\"a\":" + std::string(1'000'000, '['))).empty());
}

void SafetensorsTest::otherThingsAreNotWritten() {
  auto tree = StateTree::stateDict();
  tree.set("a", 3);
  QVERIFY_EXCEPTION_THROWN(encodeSafe(tree), Error);
  auto reserved = StateTree::stateDict();
  reserved.set("__metadata__", countingTensor(core::DType::Float32, {1}));
  QVERIFY_EXCEPTION_THROWN(encodeSafe(reserved), Error);
  QVERIFY_EXCEPTION_THROWN(encodeSafe(StateTree(3)), Error);
}

void SafetensorsTest::isToldByItsContent() {
  const auto is = [](const std::string& bytes) {
    return storage::looksLikeSafetensors(std::as_bytes(std::span(bytes)).first(std::min<std::size_t>(16, bytes.size())),
                                         bytes.size());
  };
  QVERIFY(is(fileOf("{}")));
  QVERIFY(!is("PK\3\4 something longer than a head"));
  QVERIFY(!is(encode(sampleCheckpoint())));
  QVERIFY(!is(""));
}

CAIRN_TEST(SafetensorsTest, safetensors)
#include "tst_safetensors.moc"
