#include <QTest>

#include "core/error.h"
#include "core/events.h"
#include "core/records.h"
#include "core/series.h"
#include "support/test_registry.h"

using namespace cairn::core;

class TestRecords : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void statusesRoundTrip() {
    for (int i = 0; i <= static_cast<int>(RunStatus::Interrupted); ++i) {
      const auto status = static_cast<RunStatus>(i);
      QVERIFY(!toText(status).empty());
      QVERIFY(runStatusFromText(toText(status)) == status);
    }
    QVERIFY(!runStatusFromText("Running"));
  }
  void kindsAndStatesRoundTrip() {
    for (int i = 0; i <= static_cast<int>(CheckpointKind::Recreated); ++i)
      QVERIFY(checkpointKindFromText(toText(static_cast<CheckpointKind>(i))) == static_cast<CheckpointKind>(i));
    for (int i = 0; i <= static_cast<int>(CheckpointState::Damaged); ++i)
      QVERIFY(checkpointStateFromText(toText(static_cast<CheckpointState>(i))) == static_cast<CheckpointState>(i));
    QVERIFY(!checkpointKindFromText("") && !checkpointStateFromText("gone"));
  }
  void theSpellingIsThePromisedOne() {
    QCOMPARE(std::string(toText(RunStatus::Interrupted)), std::string("interrupted"));
    QCOMPARE(std::string(toText(CheckpointKind::Averaged)), std::string("averaged"));
    QCOMPARE(std::string(toText(CheckpointState::Pruned)), std::string("pruned"));
  }
  void onlyEndsAreFinal() {
    for (const auto state : {SessionState::Stopped, SessionState::Completed, SessionState::Failed})
      QVERIFY(isFinal(state));
    for (const auto state : {SessionState::Idle, SessionState::Preparing, SessionState::Training,
                             SessionState::Validating, SessionState::Paused})
      QVERIFY(!isFinal(state));
  }
  void errorsAreOneSentence() {
    const cairn::Error error("digits.csv", "line 7 has 3 cells", "add the missing ones");
    QCOMPARE(std::string(error.what()), std::string("digits.csv: line 7 has 3 cells; add the missing ones"));
    const auto system = cairn::Error::system("open", "/x", ENOENT);
    QCOMPARE(system.code(), ENOENT);
    QVERIFY(system.why().find("No such file") != std::string::npos);
    QVERIFY(cairn::Error::cancelled("load").kind() == cairn::ErrorKind::Cancelled);
  }
};

CAIRN_TEST(TestRecords, records)
#include "tst_records.moc"
