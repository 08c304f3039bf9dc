#include <QTemporaryDir>
#include <QTest>

#include "hostile/hostile_files.h"
#include "storage/inspection.h"
#include "support/test_registry.h"
#include "torch_samples.h"

using namespace cairn;
using namespace cairn::tests;
using storage::GlobalRisk;
using storage::InspectedNode;
using storage::Inspection;

namespace {

Inspection inspect(const std::string& bytes, const storage::InspectionLimits& limits = {}) {
  const auto kept = std::make_shared<const std::string>(bytes);
  const storage::MemorySource source("sample.pt", {std::as_bytes(std::span(*kept)), kept});
  return storage::inspectSource(source, {}, limits);
}

/// By path, "a/b/0"; the test fails if there is none.
const InspectedNode* find(const Inspection& inspection, const QString& path) {
  const auto* node = &inspection.root;
  for (const auto& part : path.split('/')) {
    const auto known = std::find_if(node->children.begin(), node->children.end(),
                                    [&](const auto& child) { return child.name == part.toStdString(); });
    if (known == node->children.end()) return nullptr;
    node = &*known;
  }
  return node;
}

bool warns(const Inspection& inspection, const char* what) {
  return std::any_of(inspection.warnings.begin(), inspection.warnings.end(),
                     [&](const auto& warning) { return warning.find(what) != std::string::npos; });
}

}  // namespace

class InspectionTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aCheckpointIsShownWhole();
  void attacksArePointedOut_data();
  void attacksArePointedOut();
  void unknownClassesAreShownWithWhatTheyHold();
  void brokenPicklesStillTellWhatTheyName();
  void wrongTensorsAreWarnedOf();
  void cyclesDepthAndSharingEnd();
  void tooMuchIsCutShort();
  void damagedRecordsAreNamed();
  void hostileFilesGiveAnErrorOrAWarning_data();
  void hostileFilesGiveAnErrorOrAWarning();
  void risks_data();
  void risks();
  void textCannotDeceiveATerminal();
};

void InspectionTest::aCheckpointIsShownWhole() {
  const auto inspection = inspect(encode(sampleCheckpoint()));
  QCOMPARE(inspection.format, std::string("PyTorch"));
  QVERIFY2(inspection.warnings.empty(), inspection.warnings.empty() ? "" : inspection.warnings.front().c_str());
  for (const auto& global : inspection.globals) QCOMPARE(global.risk, GlobalRisk::Safe);
  QCOMPARE(inspection.root.type, std::string("dict"));
  QCOMPARE(find(inspection, "epoch")->value, std::string("3"));
  QCOMPARE(find(inspection, "loss")->value, std::string("0.25"));
  QCOMPARE(find(inspection, "lr_scheduler_state_dict")->type, std::string("None"));
  const auto* weight = find(inspection, "model_state_dict/embedding.weight");
  QVERIFY(weight && weight->tensor);
  QCOMPARE(weight->tensor->dtype, std::string("float32"));
  QCOMPARE(weight->tensor->shape, (std::vector<std::int64_t>{3, 4}));
  QCOMPARE(weight->tensor->bytes, std::uint64_t{48});
  QCOMPARE(find(inspection, "model_state_dict/head.weight")->tensor->sharesWith,
           std::string("model_state_dict.embedding.weight"));
  for (const auto dtype : kAllDTypes) {
    const auto* tensor =
        find(inspection, "model_state_dict/types." + QString::fromLatin1(core::dtypeName(dtype).data()));
    QVERIFY(tensor && tensor->tensor);
    QCOMPARE(tensor->tensor->bytes, std::uint64_t{6 * core::itemSize(dtype)});
  }
  QCOMPARE(find(inspection, "optimizer_state_dict/param_groups/0/betas/1")->value, std::string("0.999"));
  QCOMPARE(find(inspection, "cairn/name")->value, std::string("Größe \xF0\x9F\xAA\xA8"));
  QCOMPARE(inspection.tensors, std::uint64_t{4 + kAllDTypes.size()});
}

void InspectionTest::attacksArePointedOut_data() {
  QTest::addColumn<int>("index");
  int index = 0;
  for (const auto& file : attackingPickles("/nowhere/executed")) QTest::newRow(file.name.c_str()) << index++;
}

void InspectionTest::attacksArePointedOut() {
  QFETCH(int, index);
  const QTemporaryDir folder;
  const auto trace = folder.filePath("executed").toStdString();
  const auto file = attackingPickles(trace).at(static_cast<std::size_t>(index));
  const auto inspection = inspect(file.bytes);
  QVERIFY(!std::filesystem::exists(trace));
  const auto named = std::find_if(inspection.globals.begin(), inspection.globals.end(),
                                  [&](const auto& global) { return global.name == file.says; });
  QVERIFY2(named != inspection.globals.end(), file.says.c_str());
  QCOMPARE(named->risk, GlobalRisk::Dangerous);
  QVERIFY(!inspection.warnings.empty());
  QVERIFY2(QString::fromStdString(inspection.warnings.front()).contains("dangerous") &&
               QString::fromStdString(inspection.warnings.front()).contains(QString::fromStdString(file.says)),
           inspection.warnings.front().c_str());
}

void InspectionTest::unknownClassesAreShownWithWhatTheyHold() {
  const auto inspection = inspect(fileOf("}" + textOps("args") + "cmy.config\nArguments\n" + textOps("x") +
                                         "\x85\x81}" + textOps("lr") + "K\1sbs"));
  const auto* node = find(inspection, "args");
  QVERIFY(node && node->call);
  QCOMPARE(node->type, std::string("my.config.Arguments"));
  QCOMPARE(find(inspection, "args/0")->value, std::string("x"));
  QVERIFY(warns(inspection, "my.config.Arguments"));
  QVERIFY(!warns(inspection, "dangerous"));
}

void InspectionTest::brokenPicklesStillTellWhatTheyName() {
  const auto inspection = inspect(fileOf("cos\nsystem\n" + textOps("x") + "\x85Ra"));
  QVERIFY(warns(inspection, "stack is empty"));
  QVERIFY(warns(inspection, "os.system"));
  QCOMPARE(inspection.root.type, std::string("not readable"));
}

void InspectionTest::wrongTensorsAreWarnedOf() {
  const auto warningOf = [](const std::string& ops) {
    const auto inspection = inspect(fileOf("}" + textOps("w") + ops + "s"));
    const auto* node = find(inspection, "w");
    return node && node->tensor && warns(inspection, ("w " + node->warning).c_str()) ? node->warning : "";
  };
  QCOMPARE(warningOf(tensorOps(2, 0, 3, 1)), std::string("reaches outside the storage"));
  QCOMPARE(warningOf(tensorOps(2, -1, 1, 1)), std::string("has an impossible shape"));
  QCOMPARE(warningOf(tensorOps(2, 0, 1, 1, "7")), std::string("has no bytes in the file"));
  QVERIFY(warningOf(tensorOps(INT64_MAX, 0, 1, 1)).starts_with("wants 9223372036854775807 values"));
  QVERIFY(!inspect(fileOf(tensorOps(2, 0, 2, 1))).root.tensor->dtype.empty());
}

void InspectionTest::cyclesDepthAndSharingEnd() {
  QVERIFY(warns(inspect(fileOf("]q\1h\1a")), "contains itself"));
  QVERIFY(warns(inspect(fileOf(repeated("]", 100'000) + repeated("a", 99'999))), "nested deeper"));
  const auto laughs = inspect(fileOf("]q\1K\1a" + repeated("0](h\1h\1h\1h\1h\1h\1h\1h\1h\1h\1eq\1", 30)));
  QCOMPARE(laughs.root.children.size(), std::size_t{10});
  QCOMPARE(laughs.root.children[1].type, std::string("the same object"));
  QCOMPARE(laughs.root.children[1].value, std::string("as 0"));
}

void InspectionTest::tooMuchIsCutShort() {
  const auto inspection = inspect(fileOf("](" + repeated("N", 5'000) + "e"));
  QCOMPARE(inspection.root.children.size(), std::size_t{1'000});
  QCOMPARE(inspection.root.hidden, std::uint64_t{4'000});
  storage::InspectionLimits limits;
  limits.nodes = 50;
  const auto less = inspect(encode(sampleCheckpoint()), limits);
  QVERIFY(warns(less, "not shown"));
}

void InspectionTest::damagedRecordsAreNamed() {
  auto bytes = fileOf(tensorOps(2, 0, 2, 1));
  const auto at = bytes.find(std::string("\0\0\x80\x3f", 4));
  bytes[at] = '\1';
  const auto inspection = inspect(bytes);
  QVERIFY(warns(inspection, "a/data/0' is damaged"));
  QVERIFY(inspection.root.tensor);
  storage::InspectionLimits quick;
  quick.checkRecords = false;
  QVERIFY(inspect(bytes, quick).warnings.empty());
}

void InspectionTest::hostileFilesGiveAnErrorOrAWarning_data() {
  QTest::addColumn<QByteArray>("bytes");
  for (const auto& file : hostilePickles()) QTest::newRow(file.name.c_str()) << QByteArray::fromStdString(file.bytes);
  for (const auto& file : hostileZips())
    QTest::newRow(("zip " + file.name).c_str()) << QByteArray::fromStdString(file.bytes);
}

void InspectionTest::hostileFilesGiveAnErrorOrAWarning() {
  QFETCH(QByteArray, bytes);
  if (QByteArray(QTest::currentDataTag()).contains("laughs") ||
      QByteArray(QTest::currentDataTag()).contains("expanded"))
    return;  // harmless to an inspection: nothing is copied, and what is shared is shown once
  try {
    const auto inspection = inspect(bytes.toStdString());
    QVERIFY(!inspection.warnings.empty());
  } catch (const Error& error) {
    QVERIFY(QString(error.what()).contains("sample.pt: "));
  }
}

void InspectionTest::risks_data() {
  QTest::addColumn<QString>("module");
  QTest::addColumn<QString>("name");
  QTest::addColumn<QString>("risk");
  const auto row = [](const char* module, const char* name, const char* risk) {
    QTest::addRow("%s.%s", module, name) << module << name << risk;
  };
  row("torch._utils", "_rebuild_tensor_v2", "safe");
  row("torch", "FloatStorage", "safe");
  row("torch", "bfloat16", "safe");
  row("collections", "OrderedDict", "safe");
  row("torch", "Anything.FloatStorage", "unknown");
  row("my.models", "Net", "unknown");
  row("argparse", "Namespace", "unknown");
  row("pathlib", "PosixPath", "unknown");
  row("builtins", "dict", "unknown");
  row("osprey", "Bird", "unknown");
  row("os", "system", "dangerous");
  row("os.path", "join", "dangerous");
  row("nt", "system", "dangerous");
  row("subprocess", "check_output", "dangerous");
  row("builtins", "getattr", "dangerous");
  row("builtins", "dict.__class__", "dangerous");
  row("__builtin__", "__import__", "dangerous");
  row("torch", "load", "dangerous");
  row("torch.hub", "load", "dangerous");
  row("torch.serialization", "os.system", "dangerous");
  row("my.models", "Net.__init__.__globals__", "dangerous");
  row("operator", "attrgetter", "dangerous");
}

void InspectionTest::risks() {
  QFETCH(QString, module);
  QFETCH(QString, name);
  QFETCH(QString, risk);
  QCOMPARE(QString::fromLatin1(storage::riskName(storage::riskOf(module.toStdString(), name.toStdString())).data()),
           risk);
}

void InspectionTest::textCannotDeceiveATerminal() {
  QCOMPARE(storage::printable("a\x1b[2Jb\n", 100), std::string("a\\u001b[2Jb\\n"));
  QCOMPARE(storage::printable("x\u202Ey", 100), std::string("x\\u202ey"));
  QCOMPARE(storage::printable("größe", 4), std::string("grö…"));
  QCOMPARE(storage::printable("größe", 100), std::string("größe"));
}

CAIRN_TEST(InspectionTest, inspection)
#include "tst_inspection.moc"
