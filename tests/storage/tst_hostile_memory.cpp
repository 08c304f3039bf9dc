// What reading and inspecting a hostile file takes: a child process reads it, and its peak is measured.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

#include "hostile/hostile_files.h"
#include "storage/inspection.h"
#include "storage/safetensors.h"
#include "support/test_registry.h"
#include "torch_samples.h"

using namespace cairn;
using namespace cairn::tests;

namespace {

constexpr std::int64_t kBound = 640 << 20;  // bytes, on top of the file's size: the budget of 512 MB, and the program

enum class Way { Read, Inspect };

/// Bytes of memory that the child took at most; -1 if it was ended by a signal.
std::int64_t peakOf(const std::string& path, Way way) {
  const auto child = ::fork();
  if (child == 0) {
    try {
      auto& files = storage::FileSystem::posix();
      if (way == Way::Inspect)
        storage::inspectFile(files, path);
      else if (path.ends_with(".safetensors"))
        storage::readSafetensorsSource(storage::FileSource(path, *files.open(path)));
      else
        storage::readTorchFile(files, path);
    } catch (const Error&) {
    }
    ::_exit(0);
  }
  int status = 0;
  struct rusage usage {};
  if (child < 0 || ::wait4(child, &status, 0, &usage) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return -1;
  return std::int64_t{usage.ru_maxrss} * 1024;
}

}  // namespace

class HostileMemoryTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void isBounded_data();
  void isBounded();
  void hugeFileIsInspectedInLittle();
};

void HostileMemoryTest::isBounded_data() {
  QTest::addColumn<QByteArray>("bytes");
  QTest::addColumn<QString>("ending");
  const auto row = [](const char* name, const std::string& bytes, const char* ending = ".pt") {
    QTest::newRow(name) << QByteArray::fromStdString(bytes) << ending;
  };
  constexpr int kMany = 8 << 20;
  row("values", fileOf(repeated("N", kMany)));
  row("marks", fileOf(repeated("(", kMany)));
  row("lists", fileOf(repeated("]", kMany)));
  row("recalls", fileOf("Nq\1](" + repeated("h\1", kMany) + "e"));
  row("lists-in-a-list", fileOf("](" + repeated("]", 1 << 20) + "e"));
  row("lists-of-the-same", fileOf("]q\1K\1a" + repeated("0](h\1h\1h\1h\1h\1h\1h\1h\1h\1h\1eq\1", 30)));
  row("memos", fileOf("N" + repeated("\x94", kMany)));
  row("globals", fileOf("](" + repeated("cm\nn\n", kMany / 5) + "e"));
  row("texts", fileOf("](" + repeated("S'x'\n", kMany / 5) + "e"));
  row("expanded", fileOf("](" + repeated(tensorOps(2, 0, 50'000'000, 0), 20) + "e"));
  row("entries", [] {
    std::vector<std::pair<std::string, std::string>> entries{{"a/data.pkl", "\x80\x02N."}};
    for (int i = 0; i < 100'000; ++i) entries.emplace_back("a/" + std::to_string(i), "");
    return zipOf(entries);
  }());
  row("many-tensors", safetensorsOfMany(200'000), ".safetensors");
  row("long-header", safetensorsOf(std::string(64 << 20, '{'), ""), ".safetensors");
}

void HostileMemoryTest::isBounded() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  QSKIP("a sanitizer's own memory would be measured");
#endif
  QFETCH(QByteArray, bytes);
  QFETCH(QString, ending);
  const QTemporaryDir folder;
  const auto path = folder.filePath("hostile" + ending).toStdString();
  writeFile(path, bytes.toStdString());
  const auto size = bytes.size();
  bytes.clear();
  // The child begins with what this process holds.
  struct rusage before {};
  ::getrusage(RUSAGE_SELF, &before);
  for (const auto way : {Way::Read, Way::Inspect}) {
    const auto peak = peakOf(path, way);
    QVERIFY2(peak > 0, "the reader was ended by a signal");
    const auto bound = std::max<std::int64_t>(std::int64_t{before.ru_maxrss} * 1024, 0) + size + kBound;
    QVERIFY2(peak <= bound, qPrintable(QStringLiteral("%1 of %2 MB").arg(peak >> 20).arg(bound >> 20)));
  }
}

/// An inspection holds no tensor: 1 GB of them (a sparse file) take next to nothing.
void HostileMemoryTest::hugeFileIsInspectedInLittle() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  QSKIP("a sanitizer's own memory would be measured");
#endif
  const QTemporaryDir folder;
  const auto path = folder.filePath("large.safetensors").toStdString();
  constexpr std::int64_t kSize = 1 << 30;
  writeFile(path, safetensorsOf(R"({"w":{"dtype":"U8","shape":[1073741824],"data_offsets":[0,1073741824]}})", ""));
  std::filesystem::resize_file(path, std::filesystem::file_size(path) + kSize);
  struct rusage before {};
  ::getrusage(RUSAGE_SELF, &before);
  const auto peak = peakOf(path, Way::Inspect);
  QVERIFY(peak > 0 && peak < std::int64_t{before.ru_maxrss} * 1024 + (32 << 20));
}

CAIRN_TEST(HostileMemoryTest, hostile_memory)
#include "tst_hostile_memory.moc"
