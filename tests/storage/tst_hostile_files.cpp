#include <QTemporaryDir>
#include <QTest>

#include <functional>

#include "hostile/hostile_files.h"
#include "storage/inspection.h"
#include "storage/safetensors.h"
#include "support/test_registry.h"
#include "torch_samples.h"

using namespace cairn;
using namespace cairn::tests;

namespace {

void addRows(const std::vector<HostileFile>& files) {
  QTest::addColumn<QByteArray>("bytes");
  QTest::addColumn<QString>("says");
  for (const auto& file : files)
    QTest::newRow(file.name.c_str()) << QByteArray::fromStdString(file.bytes) << QString::fromStdString(file.says);
}

void requireError(const QByteArray& bytes, const QString& says) {
  const auto error = QString::fromStdString(decodeError(bytes.toStdString()));
  QVERIFY2(!error.isEmpty() && error.contains(says), qPrintable(error));
  QVERIFY2(error.contains("sample.pt: "), qPrintable(error));  // names the file
}

}  // namespace

class HostileFilesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void soundBaseIsRead();
  void pickles_data();
  void pickles();
  void zips_data();
  void zips();
  void safetensors_data();
  void safetensors();
  void callsAreNeverMade();
  void textOpcodesAreRead();
  void cutShortAnywhereIsAnError();
  void flippedBytesNeverCrash();
};

void HostileFilesTest::soundBaseIsRead() {
  const auto tree = decode(fileOf(tensorOps(2, 1, 1, 1)));
  QCOMPARE(tree->as<core::Tensor>()->at(0), 2.0);
  const auto expanded = decode(fileOf(tensorOps(2, 0, 1000, 0)));  // stride 0: every value is the first
  QCOMPARE(expanded->as<core::Tensor>()->at(999), 1.0);
}

void HostileFilesTest::pickles_data() { addRows(hostilePickles()); }

void HostileFilesTest::pickles() {
  QFETCH(QByteArray, bytes);
  QFETCH(QString, says);
  requireError(bytes, says);
}

void HostileFilesTest::zips_data() { addRows(hostileZips()); }

void HostileFilesTest::zips() {
  QFETCH(QByteArray, bytes);
  QFETCH(QString, says);
  requireError(bytes, says);
}

void HostileFilesTest::safetensors_data() { addRows(hostileSafetensors()); }

void HostileFilesTest::safetensors() {
  QFETCH(QByteArray, bytes);
  QFETCH(QString, says);
  const auto kept = std::make_shared<const std::string>(bytes.toStdString());
  const storage::MemorySource source("sample.safetensors", {std::as_bytes(std::span(*kept)), kept});
  const auto readers = {std::function<void()>([&] { storage::readSafetensorsSource(source); }),
                        std::function<void()>([&] { storage::inspectSource(source); })};
  for (const auto& read : readers) {
    QString error;
    try {
      read();
    } catch (const Error& thrown) {
      error = QString::fromUtf8(thrown.what());
    }
    QVERIFY2(error.startsWith("sample.safetensors: ") && error.contains(says), qPrintable(error));
  }
}

void HostileFilesTest::callsAreNeverMade() {
  const QTemporaryDir folder;
  const auto trace = folder.filePath("executed").toStdString();
  for (const auto& file : attackingPickles(trace)) {
    decodeError(file.bytes);
    QVERIFY2(!std::filesystem::exists(trace), file.name.c_str());
  }
  const auto tree = decode(attackingPickles(trace).front().bytes);
  const auto* call = tree->as<std::shared_ptr<const core::StateTree::Opaque>>();
  QVERIFY(call);
  QCOMPARE((*call)->global, std::string("os.system"));
  QCOMPARE(*(*call)->args.at(0).as<std::string>(), "touch " + trace);
}

void HostileFilesTest::textOpcodesAreRead() {
  const auto tree = decode(fileOf("(lp0\nI12\naI01\naL-5L\naF0.5\naS'a\\x62\\n'\naV\\u00e9\xe9\nag0\n0"));
  const auto* list = tree->as<core::StateTree::List>();
  QVERIFY(list);
  QCOMPARE(list->size(), std::size_t{6});
  QCOMPARE(*(*list)[0].as<std::int64_t>(), 12);
  QCOMPARE(*(*list)[1].as<bool>(), true);
  QCOMPARE(*(*list)[2].as<std::int64_t>(), -5);
  QCOMPARE(*(*list)[3].as<double>(), 0.5);
  QCOMPARE(*(*list)[4].as<std::string>(), std::string("ab\n"));
  QCOMPARE(*(*list)[5].as<std::string>(), std::string("éé"));
}

void HostileFilesTest::cutShortAnywhereIsAnError() {
  const auto whole = encode(sampleCheckpoint());
  for (std::size_t size = 0; size < whole.size(); size += 37) QVERIFY(!decodeError(whole.substr(0, size)).empty());
}

void HostileFilesTest::flippedBytesNeverCrash() {
  const auto whole = fileOf(tensorOps(2, 0, 2, 1));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const int bit : {0, 3, 7}) {
      auto bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
      decodeError(bytes);  // an Error or a tree (padding and clocks count for nothing): anything else ends the test
    }
  }
}

CAIRN_TEST(HostileFilesTest, hostile_files)
#include "tst_hostile_files.moc"
