// The run list: its model under Qt's own checker, the filter, the second line, families and small curves.
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "support/test_registry.h"
#include "ui/panels/run_facts.h"
#include "ui/panels/run_list_model.h"
#include "ui/panels/run_list_panel.h"
#include "ui/panels/sparklines.h"

using namespace cairn;
using ui::RunListModel;

namespace {

core::RunRecord runOf(const std::string& id, const std::string& parent = {}) {
  core::RunRecord run;
  run.id = id;
  run.name = "name of " + id;
  run.parentRun = parent;
  run.spec.data.source = core::CsvData{"/data/digits.csv", {"digit"}, core::Task::Classification};
  return run;
}

ui::HomeSnapshotPtr snapshotOf(std::vector<core::RunRecord> runs) {
  auto snapshot = std::make_shared<ui::HomeSnapshot>();
  snapshot->runs = std::move(runs);
  return snapshot;
}

}  // namespace

class RunListTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aTreeByLineageThatGrows() {
    RunListModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setSnapshot(snapshotOf({runOf("a"), runOf("a1", "a"), runOf("b")}));
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.index(0, 0).data(RunListModel::IdRole).toString(), QStringLiteral("b"));  // the newest first
    const auto a = model.indexOf("a");
    QCOMPARE(model.rowCount(a), 1);

    QSignalSpy reset(&model, &QAbstractItemModel::modelReset), inserted(&model, &QAbstractItemModel::rowsInserted);
    const QPersistentModelIndex kept(model.indexOf("a1"));
    model.setSnapshot(snapshotOf({runOf("a"), runOf("a1", "a"), runOf("b"), runOf("a2", "a"), runOf("a11", "a1"), runOf("c")}));
    QCOMPARE(reset.count(), 0);
    QCOMPARE(inserted.count(), 3);
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.rowCount(model.indexOf("a")), 2);
    QCOMPARE(model.parent(model.indexOf("a11")).data(RunListModel::IdRole).toString(), QStringLiteral("a1"));
    QVERIFY(kept.isValid());
    QCOMPARE(kept.data(RunListModel::IdRole).toString(), QStringLiteral("a1"));
  }

  void aRunThatLeavesGivesUpItsBranches() {
    RunListModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setSnapshot(snapshotOf({runOf("a"), runOf("a1", "a"), runOf("b")}));
    model.setSnapshot(snapshotOf({runOf("a1", "a"), runOf("b")}));
    QCOMPARE(model.rowCount(), 2);
    QVERIFY(!model.indexOf("a").isValid());
    QVERIFY(!model.indexOf("a1").parent().isValid());
    model.setSnapshot(snapshotOf({runOf("a"), runOf("a1", "a"), runOf("b")}));  // restored
    QCOMPARE(model.indexOf("a1").parent(), model.indexOf("a"));
    QCOMPARE(model.rowCount(), 2);
  }

  void onlyWhatChangedIsAnnounced() {
    RunListModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setSnapshot(snapshotOf({runOf("a"), runOf("b")}));
    auto moved = runOf("b");
    moved.step = 40;
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setSnapshot(snapshotOf({runOf("a"), moved}));
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed[0][0].toModelIndex(), model.indexOf("b"));
  }

  void theSecondLine() {
    auto run = runOf("a");
    run.status = core::RunStatus::Running;
    run.step = 5420;
    run.totalSteps = 9000;
    run.best = core::BestValue{3100, "val/loss", 0.0412};
    QCOMPARE(ui::runDetail(run), QStringLiteral("best val 0.041 @ 3,100 · 5,420 / 9,000"));
    run.parentRun = std::string("p");
    run.parentStep = 2000;
    run.status = core::RunStatus::Completed;
    run.step = 9000;
    QCOMPARE(ui::runDetail(run), QStringLiteral("branch of step 2,000 · best 0.041"));
  }

  void aRunThatEndedKeepsItsLastValues() {
    auto run = runOf("a");
    run.status = core::RunStatus::Completed;
    run.step = 200;
    core::CheckpointRecord validated, last;
    validated.step = 150;
    validated.metrics = {{"train/loss", 0.4}, {"val/loss", 0.5}, {"val/accuracy", 0.9}};
    last.step = 200;
    last.metrics = {{"train/loss", 0.25}};
    auto snapshot = *snapshotOf({run});
    snapshot.checkpoints["a"] = std::make_shared<const std::vector<core::CheckpointRecord>>(std::vector{validated, last});
    const auto value = [&](const QString& name) {
      for (const auto& fact : ui::valuesOf(snapshot, run, nullptr)) {
        if (fact.name == name) return fact.value;
      }
      return QString();
    };
    QCOMPARE(value(QStringLiteral("Last train loss")), QStringLiteral("0.25"));
    QCOMPARE(value(QStringLiteral("Last validation loss")), QStringLiteral("0.5 @ 150"));
    QCOMPARE(value(QStringLiteral("Last validation accuracy")), QStringLiteral("90.0 % @ 150"));
  }

  void familiesShareARoot() {
    const auto snapshot = snapshotOf({runOf("a"), runOf("b"), runOf("a1", "a"), runOf("b1", "b"), runOf("a11", "a1")});
    QCOMPARE(ui::familiesOf(*snapshot, {"a11"}), (std::vector<std::string>{"a", "a1", "a11"}));
    QCOMPARE(ui::familiesOf(*snapshot, {"b", "a1"}).size(), std::size_t{5});
    QVERIFY(ui::familiesOf(*snapshot, {}).empty());
  }

  void anAverageJoinsItsParentsFamilies() {
    auto snapshot = *snapshotOf({runOf("a"), runOf("b"), runOf("b1", "b"), runOf("c"), runOf("mean"), runOf("mean1", "mean")});
    const auto add = [&](const std::string& id, const std::string& run, std::vector<std::string> parents) {
      core::CheckpointRecord record;
      record.id = id;
      record.run = run;
      record.parents = std::move(parents);
      snapshot.checkpoints[run] = std::make_shared<const std::vector<core::CheckpointRecord>>(std::vector{record});
    };
    add("ka", "a", {});
    add("kb1", "b1", {});
    add("km", "mean", {"ka", "kb1", "gone"});
    const std::vector<std::string> all{"a", "b", "b1", "mean", "mean1"};
    for (const auto& one : all) QCOMPARE(ui::familiesOf(snapshot, {one}), all);
    QCOMPARE(ui::familiesOf(snapshot, {"c"}), std::vector<std::string>{"c"});
  }

  void aCurveOfAnyLengthHasFewPoints() {
    ui::ThinnedCurve curve;
    QVERIFY(curve.inUnitSquare().isEmpty());
    for (int step = 1; step <= 100'000; ++step) curve.add(step, 2 * std::exp(-step / 30'000.0));
    curve.add(100'001, std::nan(""));
    const auto points = curve.inUnitSquare();
    QVERIFY(points.size() > 20 && points.size() <= 80);
    QVERIFY(std::abs(points.front().y()) < 0.05);  // high at the left, y points down
    QVERIFY(points.back().y() > 0.95);
    for (const auto& point : points) QVERIFY(QRectF(0, 0, 1, 1).adjusted(-1e-9, -1e-9, 1e-9, 1e-9).contains(point));
  }
};

CAIRN_TEST(RunListTest, run_list)
#include "tst_run_list.moc"
