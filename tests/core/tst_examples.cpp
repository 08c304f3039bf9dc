#include <QTest>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/run_spec.h"
#include "support/test_registry.h"

using namespace cairn::core;

class TestExamples : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void everyExampleIsAValidSpecWithItsDataBesideIt() {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(CAIRN_SOURCE_DIR "/resources/examples")) {
      if (entry.path().extension() != ".json") continue;
      ++count;
      const auto spec = readRunSpec(entry.path());
      QCOMPARE(spec.name, entry.path().stem().string());
      if (const auto* csv = std::get_if<CsvData>(&spec.data.source))
        QVERIFY2(std::filesystem::exists(csv->path), csv->path.c_str());
      if (const auto* text = std::get_if<TextData>(&spec.data.source))
        QVERIFY2(std::filesystem::exists(text->path), text->path.c_str());
      QVERIFY(toJson(parseRunSpec(nlohmann::json(toJson(spec)), "/")) == toJson(spec));
    }
    QCOMPARE(count, 5);
  }
};

CAIRN_TEST(TestExamples, examples)
#include "tst_examples.moc"
