#include <QTest>
#include <csignal>

#include "cairnctl.h"
#include "support/test_registry.h"

using namespace cairn::tests;

namespace {
/// Everything on record but the clock: the `seconds` column and the series that measures it.
QStringList withoutClock(const std::string& csv) {
  QStringList lines;
  for (const auto& line : QString::fromStdString(csv).split('\n', Qt::SkipEmptyParts)) {
    if (line.startsWith("step_seconds,")) continue;
    auto cells = line.split(',');
    cells.removeAt(3);
    lines << cells.join(',');
  }
  return lines;
}

std::vector<std::string> digits(const std::string& name) {
  return {"train",  Cairnctl::example("digits.json"),
          "--name", name,
          "--set",  "training.epochs=300",
          "--set",  "training.threads=1",
          "--set",  "training.device=cpu",
          "--set",  "checkpoints.every_epochs=2"};
}
}  // namespace

class TestCrash : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aSignalStopsWithACheckpointAndResumeGoesOn_data() {
    QTest::addColumn<int>("number");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
  }
  void aSignalStopsWithACheckpointAndResumeGoesOn() {
    QFETCH(int, number);
    Cairnctl cairnctl;
    cairnctl.start(digits("stopped"));
    QVERIFY(cairnctl.waitForCheckpoints(2));
    cairnctl.signal(number);
    const auto outcome = cairnctl.finish();
    QVERIFY2(outcome.code == 130, outcome.err.c_str());
    const auto run = cairnctl.json({"show", "stopped"});
    QVERIFY2(run["status"] == "stopped" || run["status"] == "paused", run.dump().c_str());
    QVERIFY(cairnctl.json({"show", "stopped@latest"})["step"] == run["step"]);  // nothing is lost
    QVERIFY(run["step"] < run["total_steps"]);
    const auto resumed = cairnctl.json({"resume", "stopped"});
    QCOMPARE(resumed["status"].get<std::string>(), std::string("completed"));
    QVERIFY(resumed["step"] == resumed["total_steps"]);
    QCOMPARE(resumed["resume_check"]["steps_repeated"].get<int>(), 0);
  }

  void aKilledRunIsInterruptedAndResumesToTheSameNumbers() {
    Cairnctl cairnctl;
    cairnctl.start(digits("killed"));
    QVERIFY(cairnctl.waitForCheckpoints(3));
    QTest::qWait(100);
    cairnctl.signal(SIGKILL);
    (void)cairnctl.finish();
    QCOMPARE(cairnctl.json({"show", "killed"})["status"].get<std::string>(), std::string("interrupted"));

    const auto outcome = cairnctl({"resume", "killed", "--json"});
    QVERIFY2(outcome.code == 0, outcome.err.c_str());
    const auto run = outcome.json();
    QCOMPARE(run["status"].get<std::string>(), std::string("completed"));
    QVERIFY(run["resume_check"]["identical"] == run["resume_check"]["steps_repeated"]);

    QCOMPARE(cairnctl(digits("whole")).code, 0);
    QCOMPARE(withoutClock(cairnctl({"metrics", "killed"}).out), withoutClock(cairnctl({"metrics", "whole"}).out));
    QVERIFY(cairnctl.json({"show", "killed@latest"})["hash"] == cairnctl.json({"show", "whole@latest"})["hash"]);
    QVERIFY2(run["best"]["value"].get<double>() < 0.3, run["best"].dump().c_str());  // and it did learn
  }

  void aRunInTrainingIsNotTrainedTwice() {
    Cairnctl cairnctl;
    cairnctl.start(digits("busy"));
    QVERIFY(cairnctl.waitForCheckpoints(1));
    QProcess other;
    other.start(QStringLiteral(CAIRN_BINARY_DIR "/cairnctl"),
                {"--home", QString::fromStdString(cairnctl.home()), "resume", "busy"});
    QVERIFY(other.waitForFinished(30000));
    QCOMPARE(other.exitCode(), 1);
    const auto message = other.readAllStandardError();
    QVERIFY2(message.contains("is training it"), message.constData());
    QVERIFY(cairnctl.running());
    cairnctl.signal(SIGINT);
    QCOMPARE(cairnctl.finish().code, 130);
  }
};

CAIRN_TEST(TestCrash, crash)
#include "tst_crash.moc"
