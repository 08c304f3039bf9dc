#include <QTest>
#include <csignal>

#include "cli/context.h"
#include "cli/progress_printer.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "support/test_registry.h"

using namespace cairn;

class TestTerminal : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void tablesLineUpByCharacters() {
    const auto text = cli::table({"A", "N"}, {{"é", "10"}, {"long", "7"}}, {false, true});
    QCOMPARE(text, std::string("A      N\né     10\nlong   7"));
  }
  void keysAndValuesLineUp() { QCOMPARE(cli::keyValues({{"a", "1"}, {"long", "2"}}), std::string("a     1\nlong  2")); }
  void barsFill() {
    QCOMPARE(cli::progressBar(0, 4), std::string("[    ]"));
    QCOMPARE(cli::progressBar(0.5, 4), std::string("[##  ]"));
    QCOMPARE(cli::progressBar(1.5, 4), std::string("[####]"));
  }
  void thePrinterRemembersTheResumeCheck() {
    cli::ProgressPrinter printer;
    QVERIFY(!printer.resumeCheck());
    printer.post(core::StepsRepeated{{12, 12, ""}, true});
    QCOMPARE(printer.resumeCheck()->identical, 12);
  }
  void aSignalEndsWorkThatShowsProgress() {
    cli::SignalWatch signals;
    const auto progress = cli::stderrProgress(signals);
    QVERIFY(progress("Reading", 2, 2));
    raise(SIGINT);
    QVERIFY(!progress("Reading", 2, 2));
  }
};

CAIRN_TEST(TestTerminal, terminal)
#include "tst_terminal.moc"
