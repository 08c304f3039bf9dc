#include <sys/mman.h>

#include <QFile>
#include <QProcess>
#include <QStorageInfo>
#include <QTemporaryDir>
#include <QTest>

#include "storage/export_file.h"
#include "support/test_registry.h"
#include "torch_samples.h"

using namespace cairn;
using namespace cairn::tests;
using core::StateTree;

namespace {

QString python() { return qEnvironmentVariable("CAIRN_PYTHON", "/usr/bin/python3"); }

/// What the script says on standard error, if it fails; the reason to skip if there is no torch.
QString failureOf(const QString& script, const QStringList& arguments) {
  QProcess run;
  run.start(python(), QStringList{"-c", script} + arguments);
  if (!run.waitForFinished(600'000) || run.exitCode() != 0) return "failed: " + run.readAllStandardError();
  return {};
}

/// Why there is no room for a file of 4 GiB on the disk and twice in memory; "" if there is.
QString lackOf(const QString& folder) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return "a sanitizer takes a multiple of the memory and time; the release build does this";
#endif
  constexpr qint64 kGigabyte = 1'000'000'000, kDisk = 6 * kGigabyte, kMemory = 10 * kGigabyte;
  const QStorageInfo storage(folder);
  if (storage.bytesAvailable() < kDisk)
    return QString("%1 has %2 GB free, and this takes 6").arg(folder).arg(storage.bytesAvailable() / kGigabyte);
  QFile info("/proc/meminfo");
  if (!info.open(QIODevice::ReadOnly)) return "how much memory is free is not known here";
  qint64 available = 0;
  for (const auto& line : info.readAll().split('\n'))
    if (line.startsWith("MemAvailable:")) available = line.mid(13).trimmed().split(' ').first().toLongLong() * 1024;
  const auto wanted = storage.fileSystemType() == "tmpfs" ? kMemory + kDisk : kMemory;
  if (available < wanted)
    return QString("%1 GB of memory are free, and this takes %2").arg(available / kGigabyte).arg(wanted / kGigabyte);
  return {};
}

}  // namespace

class BigFileTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void zip64FieldsOpenInPython();
  void moreThanFourGibibytes();
};

void BigFileTest::initTestCase() {
  if (!failureOf("import torch", {}).isEmpty()) QSKIP("python3 has no torch");
}

void BigFileTest::zip64FieldsOpenInPython() {
  const QTemporaryDir folder;
  // As in a large file: sizes and offsets from 200 on stand in zip64 fields. PyTorch 1.13's own zip reader takes the mark
  // of such an offset (0xFFFFFFFF) for the offset when it looks whether a small entry ends within the file: never wrong in
  // a file as large as that, always in these small ones. There Python's zipfile reads them; the real thing is below.
  for (const std::uint64_t from : {200, 2000}) {
    const auto path = folder.filePath(QString::number(from) + ".pt");
    writeFile(path.toStdString(), encode(sampleCheckpoint(), from));
    const auto failure = failureOf(R"(
import sys, torch, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    int16 = bytes(range(12))
    assert any(archive.read(name) == int16 for name in archive.namelist() if '/data/' in name)
if torch.__version__.startswith('1.'): sys.exit()
t = torch.load(sys.argv[1], weights_only=True)
assert t['model_state_dict']['types.int16'].tolist() == [[256, 770, 1284], [1798, 2312, 2826]]
)",
                                   {path});
    QVERIFY2(failure.isEmpty(), qPrintable(failure));
  }
}

/// Takes 4.3 GB of disk and 4.5 GB of memory, for about half a minute.
void BigFileTest::moreThanFourGibibytes() {
  const QTemporaryDir folder;
  if (const auto lack = lackOf(folder.path()); !lack.isEmpty()) QSKIP(qPrintable(lack));
  constexpr std::size_t kSize = (std::size_t{4} << 30) + 4096;
  void* memory = mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  QVERIFY(memory != MAP_FAILED);
  const std::shared_ptr<const void> owner(memory, [](const void* at) { munmap(const_cast<void*>(at), kSize); });
  static_cast<unsigned char*>(memory)[kSize - 1] = 77;
  auto model = StateTree::stateDict();
  model.set("big", core::Tensor{core::DType::UInt8,
                                {static_cast<std::int64_t>(kSize)},
                                {static_cast<const std::byte*>(memory), kSize},
                                owner});
  model.set("after", countingTensor(core::DType::Int64, {3}));  // begins beyond 4 GiB
  const std::filesystem::path path = folder.filePath("big.pt").toStdString();
  storage::exportTorchFile(storage::FileSystem::posix(), path, model);
  QVERIFY(std::filesystem::file_size(path) > kSize);
  {
    const auto back = storage::readTorchFile(storage::FileSystem::posix(), path);
    QCOMPARE(back->tensor("big").at(static_cast<std::int64_t>(kSize) - 1), 77.0);
    QVERIFY(back->tensor("after").sameValue(model.tensor("after")));
  }
  const auto failure = failureOf(R"(
import sys, torch
t = torch.load(sys.argv[1]) if torch.__version__.startswith('1.') else torch.load(sys.argv[1], weights_only=True, mmap=True)
assert t['big'][-1].item() == 77 and t['big'].numel() == 2**32 + 4096 and t['after'].dtype == torch.int64
)",
                                 {QString::fromStdString(path.string())});
  QVERIFY2(failure.isEmpty(), qPrintable(failure));
}

CAIRN_TEST(BigFileTest, big_file)
#include "tst_big_file.moc"
