// Several processes on one home, a home that cannot be written, and a session that ends: each saves, or says why not.
#include <QFile>
#include <QTest>
#include <csignal>

#include "cairnctl.h"
#include "core/error.h"
#include "small_disk.h"
#include "storage/catalog.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;
using storage::Catalog;

namespace {
std::vector<std::string> digits(const std::string& name, int epochs) {
  return {"train", Cairnctl::example("digits.json"), "--name", name, "--set", "training.epochs=" + std::to_string(epochs),
          "--set", "training.threads=1", "--set", "training.device=cpu"};
}
}  // namespace

class TestProcesses : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void twoTrainInOneHomeAtOnce() {
    Cairnctl first;
    Cairnctl second(first.home());
    first.start(digits("one", 40));
    second.start(digits("two", 40));
    const auto one = first.finish(), two = second.finish();
    QVERIFY2(one.code == 0, one.err.c_str());
    QVERIFY2(two.code == 0, two.err.c_str());
    Catalog catalog(storage::Home(first.home()), Catalog::Access::Read);
    QCOMPARE(catalog.runs().size(), std::size_t{2});
    const auto a = catalog.findRun("one"), b = catalog.findRun("two");
    QCOMPARE(a.status, core::RunStatus::Completed);
    QCOMPARE(catalog.newestReady(a.id)->hash, catalog.newestReady(b.id)->hash);  // neither disturbed the other
    QCOMPARE(catalog.metrics(a.id, core::Series::TrainLoss).value, catalog.metrics(b.id, core::Series::TrainLoss).value);
    QCOMPARE(catalog.findDamage(), std::string());
  }

  void theSecondIsToldWhoHasTheRun() {
    Cairnctl first;
    Cairnctl second(first.home());
    first.start(digits("busy", 100000));
    QVERIFY(first.waitForCheckpoints(1));
    const auto outcome = second({"resume", "busy"});
    QCOMPARE(outcome.code, 1);
    const auto holder = "process " + std::to_string(first.pid()) + " (cairnctl on ";
    QVERIFY2(outcome.err.find(holder) != std::string::npos, outcome.err.c_str());
    QVERIFY2(outcome.err.find("is training it") != std::string::npos, outcome.err.c_str());
    QVERIFY(first.running());
    first.signal(SIGTERM);
    QCOMPARE(first.finish().code, 130);
  }

  // The terminal or the session is closed, or the machine goes down: SIGHUP, SIGTERM.
  void aClosedSessionSaves_data() {
    QTest::addColumn<int>("number");
    QTest::newRow("SIGHUP") << SIGHUP;
    QTest::newRow("SIGTERM") << SIGTERM;
  }
  void aClosedSessionSaves() {
    QFETCH(int, number);
    Cairnctl cairnctl;
    cairnctl.start(digits("closed", 100000));
    QVERIFY(cairnctl.waitForCheckpoints(1));
    cairnctl.closeOutput();  // nobody reads what it says any more
    cairnctl.signal(number);
    QCOMPARE(cairnctl.finish().code, 130);
    Catalog catalog(storage::Home(cairnctl.home()), Catalog::Access::Read);
    const auto run = catalog.findRun("closed");
    QCOMPARE(catalog.newestReady(run.id)->step, run.step);
    QCOMPARE(run.status, core::RunStatus::Stopped);
  }

  void aReadOnlyHomeCanBeReadAndSaysWhyNotMore() {
    SmallDisk disk("32m");
    if (!disk.mounted()) QSKIP(disk.why());
    Cairnctl cairnctl(disk.path() + "/home");
    cairnctl.start(digits("kept", 100000));
    QVERIFY(cairnctl.waitForCheckpoints(2));
    cairnctl.signal(SIGKILL);  // its log stays, with rows in it
    (void)cairnctl.finish();
    QVERIFY(disk.makeReadOnly());
    const auto runs = cairnctl.json({"runs"});
    QCOMPARE(runs.size(), std::size_t{1});
    QCOMPARE(runs[0]["status"].get<std::string>(), std::string("interrupted"));
    QCOMPARE(cairnctl({"metrics", "kept"}).code, 0);
    QCOMPARE(cairnctl({"verify", "kept@latest"}).code, 0);
    for (const auto& arguments : {std::vector<std::string>{"resume", "kept"}, digits("another", 1), {"note", "kept", "x"}, {"recover"},
                                  {"recover", "--rebuild"}}) {
      const auto outcome = cairnctl(arguments);
      QCOMPARE(outcome.code, 1);
      QVERIFY2(outcome.err.find(cairnctl.home()) != std::string::npos, outcome.err.c_str());
      const bool why = outcome.err.find("cannot be written") != std::string::npos || outcome.err.find("Read-only") != std::string::npos ||
                       outcome.err.find("cannot be opened") != std::string::npos;
      QVERIFY2(why, outcome.err.c_str());
    }
  }

  void aDamagedCatalogIsToldAndRebuilt() {
    Cairnctl cairnctl;
    QCOMPARE(cairnctl(digits("whole", 4)).code, 0);
    const auto before = cairnctl.json({"checkpoints"});
    QFile catalog(QString::fromStdString(cairnctl.home() + "/catalog.sqlite"));
    QVERIFY(catalog.open(QIODevice::ReadWrite) && catalog.seek(4096));
    catalog.write(QByteArray(static_cast<int>(catalog.size() - 4096), '\0'));
    catalog.close();
    for (const auto& arguments : {std::vector<std::string>{"runs"}, {"recover"}, {"verify"}}) {
      const auto outcome = cairnctl(arguments);
      QCOMPARE(outcome.code, 1);
      QVERIFY2(outcome.err.find("damaged") != std::string::npos && outcome.err.find("recover --rebuild") != std::string::npos, outcome.err.c_str());
    }
    const auto report = cairnctl.json({"recover", "--rebuild"});
    QCOMPARE(report["from"].get<std::string>(), std::string("backup"));
    QVERIFY(report["checkpoints"].get<int>() > 0);
    for (const auto* list : {"interrupted", "adopted", "quarantined", "missing", "damaged"}) QVERIFY2(report.at(list).is_array(), list);
    QVERIFY(QFile::exists(QString::fromStdString(report["set_aside"].get<std::string>() + "/catalog.sqlite")));
    QVERIFY(cairnctl.json({"checkpoints"}) == before);  // QCOMPARE would turn JSON into every type that it can
    QCOMPARE(cairnctl({"resume", "whole", "--epochs", "6"}).code, 0);
  }
};

CAIRN_TEST(TestProcesses, processes)
#include "tst_processes.moc"
