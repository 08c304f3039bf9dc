#include <QTest>
#include <filesystem>

#include "cairnctl.h"
#include "support/test_registry.h"

using namespace cairn::tests;

class TestArguments : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void wrongUsageExitsWith2AndOneLine_data() {
    QTest::addColumn<QStringList>("arguments");
    const auto row = [](const QStringList& arguments) { QTest::newRow(qPrintable(arguments.join(' '))) << arguments; };
    row({});
    row({"teach"});
    row({"train"});
    row({"runs", "--colour"});
    row({"runs", "surplus"});
    row({"train", "x.json", "--max-steps", "many"});
    row({"train", QString::fromStdString(Cairnctl::example("line.json")), "--max-steps", "0"});
    row({"resume", "x", "--epochs", "0"});
    row({"resume", "x", "--epochs", "2", "--steps", "3"});
    row({"metrics", "x", "--series", "loss"});
    row({"note", "x"});
    row({"tag", "x"});
    row({"train", QString::fromStdString(Cairnctl::example("line.json")), "--set", "optimizer.lr"});
    row({"train", QString::fromStdString(Cairnctl::example("line.json")), "--set", "optimizer.speed=1"});
    row({"train", QString::fromStdString(Cairnctl::example("line.json")), "--name", "a\nb"});
  }
  void wrongUsageExitsWith2AndOneLine() {
    QFETCH(QStringList, arguments);
    Cairnctl cairnctl;
    std::vector<std::string> list;
    for (const auto& argument : arguments) list.push_back(argument.toStdString());
    const auto outcome = cairnctl(list);
    QVERIFY2(outcome.code == 2, outcome.err.c_str());
    QVERIFY(outcome.out.empty());
    QVERIFY2(outcome.err.rfind("cairnctl: ", 0) == 0, outcome.err.c_str());
    QCOMPARE(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
    QVERIFY(!std::filesystem::exists(cairnctl.home()));
  }

  void helpAndVersionExitWith0() {
    Cairnctl cairnctl;
    QCOMPARE(cairnctl({"--help"}).code, 0);
    QVERIFY(cairnctl({"train", "--help"}).out.find("--max-steps") != std::string::npos);
    QVERIFY(cairnctl({"--version"}).out.rfind("cairnctl ", 0) == 0);
  }

  void readingWhereThereIsNoHomeExitsWith1AndMakesNone() {
    Cairnctl cairnctl;
    for (const auto& arguments : std::vector<std::vector<std::string>>{{"runs"},
                                                                       {"checkpoints"},
                                                                       {"show", "x"},
                                                                       {"metrics", "x"},
                                                                       {"verify"},
                                                                       {"trash"},
                                                                       {"pin", "x"},
                                                                       {"resume", "x"},
                                                                       {"branch", "x@1"},
                                                                       {"recover"}}) {
      const auto outcome = cairnctl(arguments);
      QVERIFY2(outcome.code == 1, (arguments.front() + ": " + outcome.err).c_str());
      QVERIFY2(outcome.err.find(cairnctl.home()) != std::string::npos, outcome.err.c_str());
    }
    QVERIFY(!std::filesystem::exists(cairnctl.home()));
  }

  void devicesListTheCpu() {
    Cairnctl cairnctl;
    const auto list = cairnctl.json({"devices"});
    QVERIFY(list.is_array());
    QCOMPARE(list.at(0).at("name").get<std::string>(), std::string("cpu"));
    QVERIFY(list.at(0).at("threads").get<int>() >= 1);
  }
};

CAIRN_TEST(TestArguments, arguments)
#include "tst_arguments.moc"
