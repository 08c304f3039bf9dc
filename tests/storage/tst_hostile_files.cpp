#include <QTest>

#include <QTemporaryDir>

#include "support/test_registry.h"
#include "torch_samples.h"

using namespace cairn;
using namespace cairn::tests;

namespace {

const std::string kStorage("\0\0\x80\x3f\0\0\0\x40", 8);  // 1.0f, 2.0f

std::string number(std::int64_t value) {
  return "\x8a\x08" + std::string(reinterpret_cast<const char*>(&value), 8);
}
std::string text(const std::string& value) { return std::string("\x8c") + static_cast<char>(value.size()) + value; }

/// A tensor's opcodes; the storage has two floats.
std::string tensorOps(std::int64_t numel, std::int64_t offset, std::int64_t size, std::int64_t stride, const std::string& key = "0") {
  return "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + "ctorch\nFloatStorage\n" + text(key) + text("cpu") +
         number(numel) + "tQ" + number(offset) + number(size) + "\x85" + number(stride) + "\x85\x89" + "}tR";
}

/// A file whose pickle is `ops` and a STOP.
std::string fileOf(const std::string& ops) {
  return zipOf({{"a/data.pkl", "\x80\x02" + ops + "."}, {"a/data/0", kStorage}, {"a/version", "3\n"}});
}

std::string repeated(const std::string& what, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += what;
  return result;
}

/// `bytes` with a 16-bit or 32-bit field of every directory entry set.
template <typename T>
std::string withDirectoryField(std::string bytes, std::size_t field, T value) {
  for (auto at = bytes.find("PK\1\2"); at != std::string::npos; at = bytes.find("PK\1\2", at + 4))
    bytes.replace(at + field, sizeof value, reinterpret_cast<const char*>(&value), sizeof value);
  return bytes;
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
  void callsAreNeverMade();
  void cutShortAnywhereIsAnError();
  void flippedBytesNeverCrash();
};

void HostileFilesTest::soundBaseIsRead() {
  const auto tree = decode(fileOf(tensorOps(2, 1, 1, 1)));
  QCOMPARE(tree->as<core::Tensor>()->at(0), 2.0);
  const auto expanded = decode(fileOf(tensorOps(2, 0, 1000, 0)));  // stride 0: every value is the first
  QCOMPARE(expanded->as<core::Tensor>()->at(999), 1.0);
}

void HostileFilesTest::pickles_data() {
  QTest::addColumn<QByteArray>("ops");
  QTest::addColumn<QString>("says");
  const auto row = [](const char* name, const std::string& ops, const char* says) {
    QTest::newRow(name) << QByteArray::fromStdString(ops) << says;
  };
  row("empty", "", "stack is empty");
  row("stack underflow", "a", "stack is empty");
  row("underflow below a mark", "](\x85", "stack is empty");
  row("mark missing", "t", "mark is missing");
  row("left over", "NN", "left over");
  row("append to a number", "K\1K\2a", "no list");
  row("key without value", "}(K\1u", "key has no value");
  row("state of a number", "K\1}b", "takes none");
  row("unknown memo", "h\7", "never kept");
  row("unknown opcode", "\xff", "unknown opcode");
  row("newer protocol", "\x80\x09N", "newer");
  row("huge text", "X\xff\xff\xff\xff", "ends in the middle");
  row("huge 64-bit text", "\x8d" + std::string(8, '\xff'), "ends in the middle");
  row("huge bytes", "\x8e" + std::string(7, '\xff') + "\x7f", "ends in the middle");
  row("negative long", "\x8b\xff\xff\xff\xff", "negative length");
  row("not utf-8", "\x8c\2\xc0\x80", "not UTF-8");
  row("name without end", "cos", "no end");
  row("deep nesting", repeated("]", 100'000) + repeated("a", 99'999), "nested deeper");
  row("deep tuples", ")" + repeated("\x85", 1'000'000), "nested deeper");
  row("contains itself", "]q\1h\1a", "contains itself");
  row("dict contains itself", "}q\1K\1h\1s", "contains itself");
  row("billion laughs", "]q\1K\1a" + repeated("0](h\1h\1h\1h\1h\1h\1h\1h\1h\1h\1eq\1", 30), "far more memory");
  row("long laughs", "\x8d" + std::string("\0\0\x10\0\0\0\0\0", 8) + std::string(1 << 20, 'x') + "q\1" + "0(" + repeated("h\1", 10'000) + "l",
      "far more memory");
  row("storage longer than its record", tensorOps(3, 0, 3, 1), "more than the 8 bytes");
  row("storage of huge count", tensorOps(INT64_MAX, 0, 1, 1), "more than the 8 bytes");
  row("storage of negative count", tensorOps(-1, 0, 1, 1), "more than the 8 bytes");
  row("view too long", tensorOps(2, 0, 3, 1), "outside the storage");
  row("view too far", tensorOps(2, 2, 1, 1), "outside the storage");
  row("view strided out", tensorOps(2, 0, 2, 2), "outside the storage");
  row("negative offset", tensorOps(2, -1, 1, 1), "impossible shape");
  row("negative size", tensorOps(2, 0, -1, 1), "impossible shape");
  row("negative stride", tensorOps(2, 1, 2, -1), "impossible shape");
  row("overflowing view", tensorOps(2, 1, INT64_MAX, INT64_MAX), "impossible shape");
  row("expanded without end", tensorOps(2, 0, INT64_MAX / 8, 0), "far more memory");
  row("no such storage", tensorOps(2, 0, 1, 1, "7"), "has no bytes");
  row("storage named like a path", tensorOps(2, 0, 1, 1, "../../etc/passwd"), "has no bytes");
}

void HostileFilesTest::pickles() {
  QFETCH(QByteArray, ops);
  QFETCH(QString, says);
  const auto error = QString::fromStdString(decodeError(fileOf(ops.toStdString())));
  QVERIFY2(error.contains(says), qPrintable(error));
  QVERIFY2(error.contains("sample.pt: "), qPrintable(error));  // names the file
}

void HostileFilesTest::zips_data() {
  QTest::addColumn<QByteArray>("bytes");
  QTest::addColumn<QString>("says");
  const auto row = [](const char* name, const std::string& bytes, const char* says) {
    QTest::newRow(name) << QByteArray::fromStdString(bytes) << says;
  };
  const auto good = fileOf("N");
  const auto bytes = [](std::initializer_list<int> values) { return std::string(values.begin(), values.end()); };
  row("empty", "", "is empty");
  row("text", "hello, world", "no zip");
  row("only PK", "PK", "too short");
  row("no directory", good.substr(0, good.size() - 22) + std::string(22, ' '), "no zip directory");
  row("before 1.6", bytes({0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20}) + good, "before 1.6");
  row("bare pickle", "\x80\x02N.", "bare pickle");
  row("TorchScript", zipOf({{"a/data.pkl", "\x80\x02N."}, {"a/constants.pkl", "\x80\x02)."}, {"a/version", "3\n"}}), "TorchScript");
  row("another zip", zipOf({{"word/document.xml", "<xml/>"}}), "without a data.pkl");
  row("big-endian", zipOf({{"a/data.pkl", "\x80\x02N."}, {"a/byteorder", "big"}}), "big-endian");
  row("twice", zipOf({{"a/data.pkl", "\x80\x02N."}, {"a/data.pkl", "\x80\x02N."}}), "there twice");
  row("compressed", withDirectoryField<std::uint16_t>(good, 10, 8), "is compressed");
  row("encrypted", withDirectoryField<std::uint16_t>(good, 8, 1), "is encrypted");
  row("bomb", withDirectoryField<std::uint32_t>(good, 24, 0x7fffffff), "two sizes");
  row("beyond the end", withDirectoryField<std::uint32_t>(good, 42, 0x7fffffff), "outside the file");
  row("header not there", withDirectoryField<std::uint32_t>(good, 42, 1), "no header");
  row("all at one place", withDirectoryField<std::uint32_t>(good, 42, 0), "another name");
  row("too long", withDirectoryField<std::uint32_t>(withDirectoryField<std::uint32_t>(good, 24, 5000), 20, 5000), "reaches out");
  auto overlapping = good;
  overlapping.replace(good.find("PK\1\2") + 20, 8, bytes({80, 0, 0, 0, 80, 0, 0, 0}));  // the first entry's two sizes
  row("overlapping", overlapping, "overlaps");
  row("wide without field", withDirectoryField<std::uint32_t>(good, 42, 0xffffffff), "zip64");
  row("wrong CRC", withDirectoryField<std::uint32_t>(good, 16, 1), "CRC-32");
  auto many = good;
  many.replace(many.size() - 12, 2, "\xf0\xf0");  // entries, in the end record
  row("more entries than there are", many, "more entries");
  auto far = good;
  far.replace(far.size() - 6, 4, "\xf0\xff\xff\x7f");
  row("directory outside", far, "outside the file");
  auto wide = good;
  wide.replace(wide.size() - 6, 4, "\xff\xff\xff\xff");
  row("no zip64 directory", wide, "zip64 directory");
}

void HostileFilesTest::zips() {
  QFETCH(QByteArray, bytes);
  QFETCH(QString, says);
  const auto error = QString::fromStdString(decodeError(bytes.toStdString()));
  QVERIFY2(error.contains(says), qPrintable(error));
  QVERIFY2(error.contains("sample.pt: "), qPrintable(error));
}

void HostileFilesTest::callsAreNeverMade() {
  const QTemporaryDir folder;
  const auto trace = folder.filePath("executed").toStdString();
  const auto tree = decode(fileOf("cos\nsystem\n" + text("touch " + trace) + "\x85R"));
  QVERIFY(!std::filesystem::exists(trace));
  const auto* call = tree->as<std::shared_ptr<const core::StateTree::Opaque>>();
  QVERIFY(call);
  QCOMPARE((*call)->global, std::string("os.system"));
  QCOMPARE(*(*call)->args.at(0).as<std::string>(), "touch " + trace);
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
