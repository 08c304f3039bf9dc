// A branch from begin to end in the window: from the mark on the timeline by way of its menu and dialog to a run of its
// own beside a parent that is as it was.
#include <QFile>
#include <QPushButton>
#include <map>

#include "support/form_driver.h"
#include "support/menu_driver.h"
#include "support/recovery_fixture.h"
#include "support/test_registry.h"
#include "support/timeline_driver.h"
#include "ui/app/actions.h"
#include "ui/chart/chart_panel.h"
#include "ui/dialogs/branch_dialog.h"

using namespace cairn;
using namespace cairn::tests;

class BranchingTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aBranchBeginsAtTheMarkAndLeavesTheParentAlone() {
    RecoveryFixture f;
    const auto parent = f.jobs.trained();
    const auto from = f.jobs.read().findCheckpoint(parent + "@6");
    const auto filesBefore = filesOf(f, parent);
    const auto before = f.jobs.read().run(parent);
    f.open();
    f.window->selection().selectRun(parent);
    auto& timeline = *f.window->findChild<ui::TimelinePanel*>();
    QTRY_VERIFY(placed(timeline, from.id) && placed(timeline, from.id)->x > 100);
    QTest::qWait(80);

    auto* menu = openOn(timeline, pointOf(*placed(timeline, from.id)));
    auto* verb = action(menu, "Branch from here…");
    QVERIFY(verb && verb->isEnabled());
    chooseFrom(menu, verb);
    QTRY_VERIFY(f.window->findChild<ui::BranchDialog*>());
    auto* dialog = f.window->findChild<ui::BranchDialog*>();
    QTRY_VERIFY(dialog->isVisible());
    type(*dialog, "optimizer.lr", QStringLiteral("0.002"));
    QTest::qWait(50);  // the field makes room for what it was
    RecoveryFixture::picture(dialog, "branching");
    auto* start = dialog->findChild<QPushButton*>(QStringLiteral("start"));
    QVERIFY(start->isEnabled());
    QTest::mouseClick(start, Qt::LeftButton);

    const auto branch = [&]() -> std::string {
      for (const auto& run : f.snapshot()->runs)
        if (run.parentRun == parent && run.status == core::RunStatus::Completed) return run.id;
      return {};
    };
    QTRY_VERIFY_WITH_TIMEOUT(!branch().empty() && !f.window->controller().busy(), kRecoveryPatience);
    const auto child = f.run(branch());
    QCOMPARE(child.parentStep, std::int64_t{6});
    QCOMPARE(child.parentCheckpoint, from.id);
    QCOMPARE(child.name, std::string("lr 0.01 → 0.002"));
    QCOMPARE(f.window->selection().run(), child.id);  // what was begun is what one looks at

    // The parent is never touched.
    const auto after = f.jobs.read().run(parent);
    QVERIFY(core::toJson(after.spec) == core::toJson(before.spec));
    QCOMPARE(after.status, before.status);
    QCOMPARE(after.step, before.step);
    QCOMPARE(after.updatedAt, before.updatedAt);
    QCOMPARE(f.jobs.read().findCheckpoint(parent + "@6").hash, from.hash);
    QVERIFY(filesOf(f, parent) == filesBefore);

    // The child's curve and lane begin where it branched off.
    const auto lr = f.jobs.read().metrics(child.id, core::Series::Lr);
    QCOMPARE(lr.step.front(), std::int64_t{7});
    QCOMPARE(lr.value.front(), 0.002);
    QTRY_COMPARE(timeline.lanes().size(), std::size_t{2});
    QTRY_COMPARE(timeline.lanes()[1].run, child.id);
    QCOMPARE(timeline.lanes()[1].parent, 0);
    QCOMPARE(timeline.lanes()[1].startX, 6.0);
    QTRY_COMPARE(timeline.geometryNow().connectors.size(), std::size_t{1});
    RecoveryFixture::picture(f.window.get(), "branched");

    // Alone it has its parent's part before it, and View takes that away.
    const auto& chart = *f.window->findChild<ui::ChartPanel*>();
    f.window->actions().wholeFamily->trigger();
    QTRY_COMPARE(timeline.lanes().size(), std::size_t{1});
    QTRY_VERIFY(inherited(chart) > 0);
    for (const auto& curve : chart.scene().curves) {
      if (curve.inherited) QCOMPARE(curve.range.last, 6.0);
      else QVERIFY(curve.curve->steps().at(0) > 6);
    }
    f.window->actions().parentsPart->trigger();
    QTRY_VERIFY(!chart.scene().curves.empty() && inherited(chart) == 0);
    f.window->actions().parentsPart->trigger();
    f.window->actions().wholeFamily->trigger();
  }

 private:
  /// Path and contents of all that the run has on disk.
  static std::map<QString, QByteArray> filesOf(const RecoveryFixture& f, const std::string& run) {
    std::map<QString, QByteArray> files;
    for (const auto& checkpoint : f.jobs.read().checkpoints(run)) {
      const auto path = QString::fromStdString(checkpoint.path);
      QFile file(path);
      if (!file.open(QIODevice::ReadOnly)) qFatal("a checkpoint's file is gone");
      files[path] = file.readAll();
    }
    return files;
  }
  static int inherited(const ui::ChartPanel& chart) {
    int parts = 0;
    for (const auto& curve : chart.scene().curves) parts += curve.inherited;
    return parts;
  }
};

CAIRN_TEST(BranchingTest, branching)
#include "tst_branching.moc"
