#include <QTest>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <set>

#include "core/text.h"
#include "support/test_registry.h"

using namespace cairn::core;

class TestText : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void idsAreDistinctHex() {
    std::set<std::string> ids;
    for (int i = 0; i < 100; ++i) ids.insert(newId());
    QCOMPARE(ids.size(), 100u);
    for (const auto& id : ids)
      QVERIFY(id.size() == 16 && id.find_first_not_of("0123456789abcdef") == std::string::npos);
  }
  void timesAreIso() {
    const std::chrono::system_clock::time_point time(std::chrono::milliseconds(1795467064123));
    QCOMPARE(toIso8601(time), std::string("2026-11-23T20:51:04.123Z"));
    QCOMPARE(nowIso8601().size(), 24u);
  }
  void everyDoubleReadsBackTheSame() {
    std::mt19937_64 random(1);
    for (int i = 0; i < 2000; ++i) {
      const double value = std::bit_cast<double>(random());
      if (std::isfinite(value)) QCOMPARE(std::strtod(roundTrip(value).c_str(), nullptr), value);
    }
    QCOMPARE(roundTrip(0.1), std::string("0.1"));
    QVERIFY(std::signbit(std::strtod(roundTrip(-0.0).c_str(), nullptr)));
    QCOMPARE(roundTrip(std::numeric_limits<double>::quiet_NaN()), std::string("nan"));
    QCOMPARE(roundTrip(std::numeric_limits<double>::infinity()), std::string("inf"));
    QCOMPARE(roundTrip(-std::numeric_limits<double>::infinity()), std::string("-inf"));
  }
  void bytesForPeople() {
    QCOMPARE(humanBytes(999), std::string("999 bytes"));
    QCOMPARE(humanBytes(1300), std::string("1.3 kB"));
    QCOMPARE(humanBytes(415'000'000), std::string("415 MB"));
    QCOMPARE(humanBytes(999'600), std::string("1.0 MB"));
  }
  void durationsForPeople() {
    QCOMPARE(humanDuration(41.2), std::string("00:41"));
    QCOMPARE(humanDuration(3723), std::string("1:02:03"));
    QCOMPARE(humanDuration(-1), std::string("--:--"));
    QCOMPARE(humanDuration(std::numeric_limits<double>::infinity()), std::string("--:--"));
  }
  void thousands() {
    QCOMPARE(withThousands(421642), std::string("421,642"));
    QCOMPARE(withThousands(-1234567), std::string("-1,234,567"));
    QCOMPARE(withThousands(999), std::string("999"));
    QCOMPARE(withThousands(-999), std::string("-999"));
  }
  void utf8() {
    for (const char* good : {"", "plain", "é", "日本", "😀"}) QVERIFY2(isUtf8(good), good);
    for (const char* bad : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\x80"})
      QVERIFY(!isUtf8(bad));
  }
};

CAIRN_TEST(TestText, text)
#include "tst_text.moc"
