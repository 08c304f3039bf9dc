#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "core/json_text.h"
#include "spec_samples.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;

class TestSpecFile : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  std::filesystem::path write(const std::string& name, const std::string& text) {
    const auto file = std::filesystem::path(folder_.path().toStdString()) / name;
    std::ofstream(file) << text;
    return file;
  }
  Error errorOf(const std::filesystem::path& file) {
    try {
      (void)core::readRunSpec(file);
    } catch (const Error& error) {
      return error;
    }
    return Error("", "no error");
  }

 private Q_SLOTS:
  void pathsCountFromTheFileAndTheNameIsItsStem() {
    const auto file = write("mine.json", csvSpec().dump());
    const auto spec = core::readRunSpec(file);
    QCOMPARE(spec.name, std::string("mine"));
    QCOMPARE(std::get<core::CsvData>(spec.data.source).path, (file.parent_path() / "digits.csv").string());
  }

  void syntaxErrorsNameLineAndColumn() {
    const auto error = errorOf(write("bad.json", "{\n  \"name\": \"x\",\n  \"loss\" 7\n}"));
    QVERIFY(error.kind() == ErrorKind::Invalid);
    QVERIFY2(error.subject().ends_with("bad.json"), error.what());
    QVERIFY2(error.why().find("line 3, column 10") != std::string::npos, error.what());
  }

  void duplicateKeysAreNamed() {
    const auto error = errorOf(write("twice.json", R"({"optimizer": {"lr": 1, "eps": 0, "lr": 2}})"));
    QCOMPARE(error.subject(), std::string("optimizer.lr"));
    QVERIFY(error.kind() == ErrorKind::Invalid);
    // The same key in two objects is fine.
    QCOMPARE(core::parseJsonText(R"([{"a": {"b": 1}, "c": {"b": 2}}, {"a": 3}])", "t").size(), 2u);
  }

  void otherBrokenFilesGiveOneClearError() {
    QVERIFY(errorOf(write("empty.json", " \n")).why() == "is empty");
    QVERIFY(errorOf(write("list.json", "[1]")).why().find("JSON object") != std::string::npos);
    QVERIFY(errorOf(write("cut.json", R"({"data": )")).kind() == ErrorKind::Invalid);
    QVERIFY(errorOf(write("utf.json", "{\"name\": \"\xff\"}")).kind() == ErrorKind::Invalid);
    QVERIFY(errorOf(write("huge.json", R"({"training": {"epochs": 1e999}})")).kind() == ErrorKind::Invalid);
    QVERIFY(errorOf(write("deep.json", std::string(100000, '['))).why().find("deep") != std::string::npos);
  }

  void missingFilesAndFoldersAreFailuresThatNameThem() {
    const auto error = errorOf("/nowhere/spec.json");
    QCOMPARE(error.subject(), std::string("/nowhere/spec.json"));
    QVERIFY(error.kind() == ErrorKind::Failed);
    QCOMPARE(error.code(), ENOENT);
    QVERIFY(errorOf(folder_.path().toStdString()).why().find("folder") != std::string::npos);
  }
};

CAIRN_TEST(TestSpecFile, spec_file)
#include "tst_spec_file.moc"
