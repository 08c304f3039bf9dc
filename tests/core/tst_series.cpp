#include <QTest>
#include <set>

#include "core/series.h"
#include "support/test_registry.h"

using namespace cairn::core;

class TestSeries : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void namesRoundTripAndDiffer() {
    std::set<std::string_view> names;
    for (const auto series : kAllSeries) {
      names.insert(seriesName(series));
      QVERIFY(seriesFromName(seriesName(series)) == series);
    }
    QCOMPARE(names.size(), kAllSeries.size());
  }
  void theSpellingIsThePromisedOne() {
    for (const char* name :
         {"train/loss", "train/accuracy", "val/loss", "val/accuracy", "lr", "grad_norm", "step_seconds"})
      QVERIFY2(seriesFromName(name).has_value(), name);
    QVERIFY(!seriesFromName("loss") && !seriesFromName(""));
  }
};

CAIRN_TEST(TestSeries, series)
#include "tst_series.moc"
