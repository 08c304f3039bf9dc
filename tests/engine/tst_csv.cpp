#include <QElapsedTimer>
#include <algorithm>

#include "data_files.h"
#include "engine/data/csv_reader.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::engine;
using namespace cairn::tests;

class TestCsv : public QObject {
  Q_OBJECT

  DataFiles files_;

  CsvContents read(const std::string& text, std::vector<std::string> targets = {"y"}, bool classes = true) {
    CsvRequest request;
    request.path = files_.write("data.csv", text);
    request.targets = std::move(targets);
    request.classes = classes;
    request.previewRows = 2;
    return readCsv(request, {});
  }

 private Q_SLOTS:
  void readsNumbersAndClasses() {
    const auto data = read("a,y,b\n1,dog,2.5\n-3e2,cat,+4\n 5 ,dog,.5\n");
    QCOMPARE(data.features, (std::vector<std::string>{"a", "b"}));
    QCOMPARE(data.values, (std::vector<float>{1, 2.5f, -300, 4, 5, 0.5f}));
    QCOMPARE(data.classNames, (std::vector<std::string>{"dog", "cat"}));
    QCOMPARE(data.classes, (std::vector<std::int64_t>{0, 1, 0}));
    QCOMPARE(data.preview, (std::vector<std::vector<std::string>>{{"1", "2.5", "dog"}, {"-3e2", "+4", "cat"}}));
  }

  void readsQuotesBreaksMarksAndLineEnds() {
    const auto data =
        read("\xef\xbb\xbf\"a\",\"b, c\",\"y\"\r\n\"1\",2,\"say \"\"hi\"\", you\nthere\"\r\n3,\"4\",z\r\n\r\n");
    QCOMPARE(data.features, (std::vector<std::string>{"a", "b, c"}));
    QCOMPARE(data.values, (std::vector<float>{1, 2, 3, 4}));
    QCOMPARE(data.classNames, (std::vector<std::string>{"say \"hi\", you\nthere", "z"}));
  }

  void readsALastLineWithoutItsBreak_data() {
    QTest::addColumn<QString>("end");
    for (const char* end : {"", "\n", "\r\n", "\r", "\n\n", "\r\n\r\n"})
      QTest::newRow(qPrintable(QString(end).replace("\r", "CR ").replace("\n", "LF "))) << QString(end);
  }
  void readsALastLineWithoutItsBreak() {
    QFETCH(QString, end);
    for (const char* last : {"3,b", "3,\"b\""}) {
      const auto data = read("a,y\n1,a\n" + std::string(last) + end.toStdString());
      QCOMPARE(data.values, (std::vector<float>{1, 3}));
      QCOMPARE(data.classNames, (std::vector<std::string>{"a", "b"}));
    }
  }

  void readsSeveralTargets() {
    const auto data = read("y,a,z\n1,2,3\n4,5,6\n", {"z", "y"}, false);
    QCOMPARE(data.values, (std::vector<float>{2, 5}));
    QCOMPARE(data.targets, (std::vector<float>{3, 1, 6, 4}));
  }

  void findsGivenFeaturesByName() {
    CsvRequest request;
    request.path = files_.write("new.csv", "c,text,a,y\n1,hello,2,z\n");
    request.features = {"a", "c"};
    QCOMPARE(readCsv(request, {}).values, (std::vector<float>{2, 1}));
    request.features = {"a", "b"};
    const auto message = messageOf([&] { readCsv(request, {}); });
    CAIRN_CONTAINS(message, "has no column \"b\"");
    CAIRN_CONTAINS(message, "c, text, a, y");
  }

  void readsGzipAlike() {
    const std::string text = "a,y\n1,u\n2,v\n";
    CsvRequest request;
    request.path = files_.write("p.csv", text);
    request.targets = {"y"};
    request.classes = true;
    const auto plain = readCsv(request, {});
    request.path = files_.writeGzip("p.csv.gz", text);
    const auto packed = readCsv(request, {});
    QCOMPARE(packed.values, plain.values);
    QCOMPARE(packed.digest, plain.digest);
  }

  void findsRowsAcrossBuffers() {
    std::string text = "a,b,y\n";
    std::vector<float> values;
    for (int i = 0; i < 700'000; ++i) {
      text += std::to_string(i) + ",\"" + std::to_string(i % 97) + ".5\",c" + std::to_string(i % 3) +
              (i % 2 ? "\r\n" : "\n");
      values.push_back(static_cast<float>(i));
      values.push_back(static_cast<float>(i % 97) + 0.5f);
    }
    QVERIFY(text.size() > (std::size_t{9} << 20));
    const auto data = read(text);
    QCOMPARE(data.rows, 700'000);
    QVERIFY(data.values == values);
    QCOMPARE(data.classes.back(), (699'999 % 3));
  }

  void takesARowLongerThanItsBuffer() {
    const std::string name(std::size_t{9} << 20, 'n');
    const auto data = read("a,y\n1,\"" + name + "\"\n2,x\n");
    QCOMPARE(data.classNames.front().size(), name.size());
    QCOMPARE(data.rows, 2);
  }

  void namesLineAndColumn_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("where");
    QTest::addColumn<QByteArray>("why");
    const auto row = [](const char* name, const char* text, const char* where, const char* why) {
      QTest::newRow(name) << QByteArray(text) << QByteArray(where) << QByteArray(why);
    };
    row("text", "a,b,y\n1,2,u\n1,two,v\n", "line 3, column \"b\"", "\"two\" is not a number");
    row("text first", "a,b,y\n1,2,u\n1,2,u\n1,2,u\none,2,v\n", "line 5, column \"a\"", "\"one\" is not a number");
    row("missing", "a,b,y\n1,,u\n", "line 2, column \"b\"", "the cell is empty");
    row("blanks", "a,b,y\n1,  ,u\n", "line 2, column \"b\"", "the cell is empty");
    row("missing class", "a,b,y\n1,2,u\n1,2,\n", "line 3, column \"y\"", "the cell is empty");
    row("blank class", "a,b,y\n1,2,u\n1,2,  \n", "line 3, column \"y\"", "the cell is empty");
    row("missing in CRLF", "a,b,y\r\n1,2,u\r\n1,2,\r\n", "line 3, column \"y\"", "the cell is empty");
    row("nan", "a,b,y\nNaN,2,u\n", "line 2, column \"a\"", "\"NaN\" is not a finite");
    row("inf", "a,b,y\n1,-inf,u\n", "line 2, column \"b\"", "\"-inf\" is not a finite");
    row("huge", "a,b,y\n1,1e39,u\n", "line 2, column \"b\"", "\"1e39\" is not a finite");
    row("two numbers", "a,b,y\n1,2 3,u\n", "line 2, column \"b\"", "\"2 3\" is not a number");
    row("short row", "a,b,y\n1,2,u\n1,2\n", "line 3: ", "has 2 cells, the header has 3");
    row("row of one cell", "a,b,y\n1\n", "line 2: ", "has 1 cell, the header has 3");
    row("long row", "a,b,y\n1,2,u,4,5\n", "line 2: ", "has 5 cells, the header has 3");
    row("short row of the wrong types", "a,b,c,y\n1,2,3,u\n1,2,u\n", "line 3: ", "has 3 cells, the header has 4");
    row("long row of the wrong types", "a,b,y\n1,2,u\nu,1,2,u\n", "line 3: ", "has 4 cells, the header has 3");
    row("short row, a cell empty", "a,b,c,y\n1,,u\n", "line 2: ", "has 3 cells, the header has 4");
    row("short row, broken in quotes", "a,b,c,y\n1,2,\"u\n\nv\"\n", "line 2: ", "has 3 cells, the header has 4");
    row("empty line", "a,b,y\n1,2,u\n\n\n1,2,u\n", "line 3", "is empty");
    row("after a break in quotes", "a,b,y\n1,2,\"u\n\nv\"\n1,x,u\n", "line 5, column \"b\"", "is not a number");
    row("open quote", "a,b,y\n1,2,u\n1,2,\"v\n1,2,w\n", "line 3", "never closed");
    row("text after a quote", "a,b,y\n1,\"2\"3,u\n", "line 2", "text follows a closing quote");
    row("same name", "a,b,a,y\n1,2,3,u\n", "line 1, column \"a\"", "columns 1 and 3 have the same name");
    row("no name", "a,,y\n1,2,u\n", "line 1", "column 2 has no name");
    row("no header", "1,2,3\n4,5,6\n", "line 1", "numbers where the columns' names should stand");
    row("semicolons", "a;b;y\n1;2;u\n", "line 1", "not separated by commas");
    row("utf-16",
        "\xff\xfe"
        "a",
        "data.csv", "UTF-16");
    row("empty", "", "data.csv", "is empty");
    row("header alone", "a,b,y\n", "data.csv", "no rows");
    row("target alone", "y\nu\n", "data.csv", "no column besides the target");
    row("no target", "a,b,z\n1,2,u\n", "data.target", "\"y\" is no column");
  }
  void namesLineAndColumn() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, where);
    QFETCH(QByteArray, why);
    const auto message = messageOf([&] { read(text.toStdString()); });
    CAIRN_CONTAINS(message, where.toStdString());
    CAIRN_CONTAINS(message, why.toStdString());
  }

  void countsTheCellsOfARowThatTheBufferCuts() {
    std::string text = "a,b,c,y\n";
    while (text.size() < (std::size_t{1} << 22) - 100) text += "1,2,3,u\n";
    const auto lines = std::count(text.begin(), text.end(), '\n');
    const auto message = messageOf([&] { read(text + "1,two,\"" + std::string(std::size_t{1} << 23, 'u') + "\"\n1,2,3,u\n"); });
    CAIRN_CONTAINS(message, "line " + std::to_string(lines + 1) + ": has 3 cells, the header has 4");
  }

  void refusesATextTargetOfRegression() {
    const auto message = messageOf([&] { read("a,y\n1,2\n1,high\n", {"y"}, false); });
    CAIRN_CONTAINS(message, "line 3, column \"y\"");
    CAIRN_CONTAINS(message, "\"high\" is not a number");
  }

  void letsTinyNumbersBeZero() { QCOMPARE(read("a,y\n1e-60,u\n1e-400,u\n").values, (std::vector<float>{0, 0})); }

  void refusesADamagedGzip() {
    CsvRequest request;
    request.path = files_.writeGzip("whole.csv.gz", "a,y\n" + std::string(2000, '1') + ",u\n");
    const auto whole = files_.read("whole.csv.gz");
    request.path = files_.write("cut.csv.gz", whole.substr(0, whole.size() - 12));
    CAIRN_CONTAINS(messageOf([&] { readCsv(request, {}); }), "ends in the middle of its gzip data");
    std::string flipped = whole;
    flipped[flipped.size() - 6] ^= 1;  // in the check sum
    request.path = files_.write("flipped.csv.gz", flipped);
    CAIRN_CONTAINS(messageOf([&] { readCsv(request, {}); }), "gzip data is damaged");
    request.path = files_.write("not.csv.gz", "a,y\n1,u\n");
    CAIRN_CONTAINS(messageOf([&] { readCsv(request, {}); }), "does not begin as a gzip file");
  }

  void namesAFileThatIsNotThere() {
    CsvRequest request;
    request.path = files_.path("absent.csv");
    const auto message = messageOf([&] { readCsv(request, {}); });
    CAIRN_CONTAINS(message, "absent.csv");
    CAIRN_CONTAINS(message, "No such file");
  }

  void reportsProgressAndStops() {
    CsvRequest request;
    request.path = files_.write(
        "big.csv", "a,y\n" + [] {
          std::string rows;
          for (int i = 0; i < 400'000; ++i) rows += "1.25,u\n";
          return rows;
        }());
    request.targets = {"y"};
    request.classes = true;
    std::int64_t last = 0, total = 0;
    readCsv(request, [&](std::string_view phase, std::int64_t done, std::int64_t of) {
      total = of;
      const bool grows = done >= last && phase == "Reading big.csv";
      last = done;
      return grows;
    });
    QCOMPARE(last, total);
    QVERIFY(total > 2'000'000);
    int calls = 0;
    try {
      readCsv(request, [&](std::string_view, std::int64_t, std::int64_t) { return ++calls < 2; });
      QFAIL("was not cancelled");
    } catch (const Error& error) {
      QVERIFY(error.kind() == ErrorKind::Cancelled);
    }
    QCOMPARE(calls, 2);
  }
};

CAIRN_TEST(TestCsv, csv)
#include "tst_csv.moc"
