#include <QTest>

#include <QTemporaryDir>

#include <QFileInfo>
#include <QProcess>
#include <cmath>
#include <limits>

#include "support/test_registry.h"
#include "torch_samples.h"

using namespace cairn;
using namespace cairn::tests;
using core::StateTree;

class TorchFileTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void everyNodeAndTypeComesBack();
  void sameTreeSameBytes();
  void tiedWeightsShareOneStorage();
  void zip64FieldsAreReadBack();
  void payloadsAreAligned();
  void specialFloatsComeBack();
  void unwritableTreesAreRefused();
  void stateHashCoversTheTrainingStateAlone();
  void pythonReadsIt();
};

void TorchFileTest::everyNodeAndTypeComesBack() {
  const auto tree = sampleCheckpoint();
  QVERIFY(core::sameState(*decode(encode(tree)), tree));
}

void TorchFileTest::sameTreeSameBytes() {
  const auto bytes = encode(sampleCheckpoint());
  QVERIFY(encode(sampleCheckpoint()) == bytes);
  QVERIFY(encode(*decode(bytes)) == bytes);  // what recovery relies on to tell whole files from others
}

void TorchFileTest::tiedWeightsShareOneStorage() {
  const auto bytes = encode(sampleCheckpoint());
  const auto tree = decode(bytes);
  const auto& model = tree->at("model_state_dict");
  const auto& first = model.tensor("embedding.weight");
  const auto& second = model.tensor("head.weight");
  QVERIFY(first.bytes.data() == second.bytes.data());
  QCOMPARE(core::tensorBytes(*tree), core::tensorBytes(sampleCheckpoint()));
  QVERIFY(bytes.find("archive/data/12") != std::string::npos);
  QVERIFY(bytes.find("archive/data/13") == std::string::npos);  // 14 tensors, two of them tied
}

void TorchFileTest::zip64FieldsAreReadBack() {
  const auto tree = sampleCheckpoint();
  const auto plain = encode(tree);
  for (const std::uint64_t from : {0ull, 24ull, 200ull, 2000ull}) {
    const auto wide = encode(tree, from);
    QVERIFY(wide.size() > plain.size());
    QVERIFY(core::sameState(*decode(wide), tree));
  }
}

void TorchFileTest::payloadsAreAligned() {
  const auto marker = std::string(40, '\x37');
  auto tree = StateTree::dict();
  tree.set("other", countingTensor(core::DType::UInt8, {3}));
  tree.set("marked", core::Tensor::copyOf(core::DType::UInt8, {40}, std::as_bytes(std::span(marker))));
  QCOMPARE(encode(tree).find(marker) % 64, std::size_t{0});
  QCOMPARE(encode(tree, 8).find(marker) % 64, std::size_t{0});
}

void TorchFileTest::specialFloatsComeBack() {
  auto tree = StateTree::dict();
  tree.set("list", StateTree::List{std::nan(""), -0.0, std::numeric_limits<double>::infinity(),
                                   -std::numeric_limits<double>::infinity(), 5e-324, 0.1});
  QVERIFY(core::sameState(*decode(encode(tree)), tree));
}

void TorchFileTest::unwritableTreesAreRefused() {
  const StateTree opaque(std::make_shared<const StateTree::Opaque>(StateTree::Opaque{"os.system", {}, {}}));
  QVERIFY_EXCEPTION_THROWN(encode(opaque), Error);
  QVERIFY_EXCEPTION_THROWN(encode(StateTree("\xff\xfe")), Error);
  StateTree deep;
  for (int i = 0; i < 1000; ++i) deep = StateTree::List{deep};
  QVERIFY_EXCEPTION_THROWN(encode(deep), Error);
}

void TorchFileTest::stateHashCoversTheTrainingStateAlone() {
  const auto base = storage::stateHash(sampleCheckpoint());
  QCOMPARE(base.size(), std::size_t{32});
  QCOMPARE(storage::stateHash(*decode(encode(sampleCheckpoint()))), base);
  const auto changed = [&](auto&& change) {
    auto tree = sampleCheckpoint();
    change(tree);
    return storage::stateHash(tree) != base;
  };
  QVERIFY(changed([](StateTree& tree) { tree.set("step", 121); }));
  QVERIFY(changed([](StateTree& tree) { tree.set("rng_state", StateTree::dict()); }));
  QVERIFY(changed([](StateTree& tree) { tree.find("cairn")->set("sampler", StateTree::dict()); }));
  QVERIFY(changed([](StateTree& tree) { tree.find("cairn")->set("meters", StateTree::dict()); }));
  QVERIFY(changed([](StateTree& tree) {
    tree.find("model_state_dict")->set("head.weight", countingTensor(core::DType::Float32, {4, 3}));
  }));
  QVERIFY(!changed([](StateTree& tree) { tree.find("cairn")->set("run", "another"); }));
  QVERIFY(!changed([](StateTree& tree) { tree.set("metrics", StateTree::dict()); }));
}

void TorchFileTest::pythonReadsIt() {
  // CAIRN_PYTHON: another interpreter, to try a newer PyTorch.
  const auto python = qEnvironmentVariable("CAIRN_PYTHON", "/usr/bin/python3");
  QProcess probe;
  probe.start(python, {"-c", "import torch"});
  if (!probe.waitForFinished(60'000) || probe.exitCode() != 0) QSKIP("python3 has no torch");
  auto tree = sampleCheckpoint();
  const QTemporaryDir folder;
  const auto path = folder.filePath("sample.pt");
  writeFile(path.toStdString(), encode(tree));
  const auto script = QStringLiteral(R"(
import sys, torch
from collections import OrderedDict
old = torch.__version__.startswith('1.')
t = torch.load(sys.argv[1]) if old else torch.load(sys.argv[1], weights_only=True)
m = t['model_state_dict']
assert type(m) is OrderedDict and type(t) is dict
assert m._metadata['']['version'] == 1 and m._metadata['body.norm']['version'] == 2, m._metadata
assert m['embedding.weight'].data_ptr() == m['head.weight'].data_ptr()
assert m['embedding.weight'].shape == (3, 4) and m['body.norm.empty'].shape == (0, 5)
assert m['body.norm.num_batches_tracked'].shape == ()
for name in 'float32 float64 float16 bfloat16 uint8 int8 int16 int32 int64 bool'.split():
    assert m['types.' + name].dtype == getattr(torch, name) and m['types.' + name].shape == (2, 3), name
assert m['types.int16'].tolist() == [[256, 770, 1284], [1798, 2312, 2826]]
g = t['optimizer_state_dict']['param_groups'][0]
assert g == {'lr': 0.1, 'betas': (0.9, 0.999), 'nesterov': False, 'maximize': True, 'foreach': None, 'params': [0, 1]}
assert list(t['optimizer_state_dict']['state']) == [0, 300]
assert t['numbers'] == [0, 255, 256, 65535, 65536, -1, -129, 2**31, -2**31 - 1, 2**63 - 1, -2**63, 2**40, 128 * 2**32]
assert t['tuples'] == ((), [], (1,)) and t['cairn']['name'] == 'Gr\u00f6\u00dfe \U0001faa8'
t['extra'] = m['types.float32'].t(); t['big'] = 2**64 - 1; t['shared'] = t['extra']
t['part'] = m['embedding.weight'][1]; t['parameter'] = torch.nn.Parameter(torch.ones(2)); t['size'] = torch.Size([1, 2])
torch.save(t, sys.argv[2])
print(torch.__version__)
)");
  QProcess run;
  run.start(python, {"-c", script, path, folder.filePath("back.pt")});
  QVERIFY(run.waitForFinished(120'000));
  QVERIFY2(run.exitCode() == 0, run.readAllStandardError());
  qInfo() << "PyTorch" << run.readAllStandardOutput().trimmed();

  const auto back = storage::readTorchFile(storage::FileSystem::posix(), folder.filePath("back.pt").toStdString());
  QVERIFY(core::sameState(back->at("model_state_dict"), tree.at("model_state_dict")));
  QVERIFY(core::sameState(back->at("numbers"), tree.at("numbers")));
  const auto& turned = back->tensor("extra");  // a strided view, made contiguous
  QCOMPARE(turned.shape, (std::vector<std::int64_t>{3, 2}));
  QCOMPARE(turned.at(1), tree.at("model_state_dict").tensor("types.float32").at(3));
  QVERIFY(turned.bytes.data() == back->tensor("shared").bytes.data());
  QVERIFY(back->tensor("part").bytes.data() == back->at("model_state_dict").tensor("embedding.weight").bytes.data() + 16);
  QCOMPARE(back->tensor("parameter").at(1), 1.0);
  QVERIFY(core::sameState(back->at("size"), StateTree::Tuple{{1, 2}}));
  const auto* big = back->at("big").as<std::shared_ptr<const StateTree::Opaque>>();
  QVERIFY(big && (*big)->global == "builtins.int");
  QCOMPARE(*(*big)->args[0].as<std::string>(), std::string("0xffffffffffffffff"));
}

CAIRN_TEST(TorchFileTest, torch_file)
#include "tst_torch_file.moc"
