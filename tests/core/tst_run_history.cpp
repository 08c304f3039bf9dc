#include <QTest>

#include "core/run_history.h"
#include "support/test_registry.h"

using namespace cairn::core;

namespace {

RunEvent eventAt(const std::string& kind, std::int64_t step, const std::string& detail, const std::string& at) {
  return {step, kind, detail, "2026-11-25T00:00:" + at + "Z"};
}

}  // namespace

class TestRunHistory : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void changesAreTheNewestResumes() {
    const std::vector<std::string> threads{"threads: 1, now 2"};
    QVERIFY(changesSinceResume({}).empty());
    // In the order of their steps, as the catalog gives them: the newest began at an earlier one.
    QCOMPARE(
        changesSinceResume({eventAt("resumed", 5, environmentDetail(threads), "30"),
                            eventAt("resumed", 9, R"({"from_step": 8, "changes": ["device: cpu, now cuda:0"]})", "20")}),
        threads);
    QVERIFY(changesSinceResume({eventAt("resumed", 5, R"({"from_step": 4})", "30")}).empty());
    QVERIFY(changesSinceResume({eventAt("resumed", 5, "not JSON", "30")}).empty());
  }

  void divergedIsOnlyWhatItStandsAt() {
    RunRecord run;
    run.status = RunStatus::Failed;
    const auto nan = eventAt("failed", 37, failureDetail("step 37: the loss is nan", true), "10");
    const auto disk = eventAt("failed", 40, failureDetail("the disk", false), "20");
    QCOMPARE(divergedAt(run, {nan}), std::optional<std::int64_t>(37));
    QVERIFY(!divergedAt(run, {nan, disk}));
    QVERIFY(!divergedAt(run, {}));
    QVERIFY(!divergedAt(run, {eventAt("failed", 3, R"({"message": "of an older version"})", "10")}));
    run.status = RunStatus::Completed;
    QVERIFY(!divergedAt(run, {nan}));
  }
};

CAIRN_TEST(TestRunHistory, run_history)
#include "tst_run_history.moc"
