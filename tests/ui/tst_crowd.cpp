// Very many runs at once: the selected one is drawn whole, the others as thin lines, and no card covers the chart.
#include <QDir>
#include <QTest>
#include <algorithm>

#include "support/home_samples.h"
#include "support/test_registry.h"
#include "support/window_fixture.h"
#include "ui/chart/chart_panel.h"
#include "ui/chart/crowd.h"
#include "ui/chart/qcustomplot_face.h"
#include "ui/chart/scene_builder.h"
#include "ui/timeline/timeline_panel.h"

using namespace cairn;
using namespace cairn::tests;

class CrowdTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theSelectedRunStandsOutOfACrowd() {
    constexpr std::size_t kRuns = ui::kCrowd + 6;
    WindowFixture f;
    {
      HomeSamples samples(f.home());
      const auto first = samples.addRun({.step = 60});
      const auto parent = samples.addCheckpoint(first, 20);
      for (std::size_t i = 1; i < kRuns; ++i) samples.addRun({.step = 60, .parentCheckpoint = parent});
    }
    f.open();
    f.window->resize(1400, 880);
    auto* chart = f.window->findChild<ui::ChartPanel*>();
    const auto curves = [&]() -> const auto& { return chart->scene().curves; };
    const auto quiet = [&] {
      const auto& now = curves();
      return static_cast<std::size_t>(std::count_if(now.begin(), now.end(), [](const auto& one) { return one.quiet; }));
    };
    QTRY_COMPARE(quiet(), kRuns - 1);
    QVERIFY(!curves().back().quiet);  // on top
    QCOMPARE(curves().back().run, f.window->selection().run());
    const auto other = f.snapshot()->runs[3].id;
    f.window->selection().selectRun(other);
    QTRY_COMPARE(curves().back().run, other);

    const auto card = ui::cardAt(*f.snapshot(), curves(), 40, ui::XAxis::Unit::Step);
    QVERIFY(card.rows.size() <= 14);
    QVERIFY(card.rows.front().name.startsWith(QStringLiteral("digits-cnn")));
    QVERIFY2(card.rows.back().name.startsWith(QStringLiteral("and ")), qPrintable(card.rows.back().name));
    QCOMPARE(f.window->findChild<ui::TimelinePanel*>()->lanes().size(), kRuns);
    const auto folder = qEnvironmentVariable("CAIRN_PICTURES");
    if (!folder.isEmpty()) f.window->grab().save(QDir(folder).filePath(QStringLiteral("crowd.png")));
  }

  void fewRunsAreAllDrawnWhole() {
    std::vector<ui::DrawnCurve> curves(3);
    ui::quietCrowd(curves, 3, "a");
    QCOMPARE(curves.size(), std::size_t{3});
    QVERIFY(!curves[0].quiet);
  }
};

CAIRN_TEST(CrowdTest, crowd)
#include "tst_crowd.moc"
