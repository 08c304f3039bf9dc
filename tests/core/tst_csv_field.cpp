#include <QTest>
#include <string>

#include "core/csv_field.h"
#include "support/test_registry.h"

using namespace cairn;

class CsvFieldTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void quotesWhereItMust_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("field");
    QTest::newRow("empty") << QByteArray() << QByteArray();
    QTest::newRow("plain") << QByteArray("plain text") << QByteArray("plain text");
    QTest::newRow("comma") << QByteArray("a,b") << QByteArray("\"a,b\"");
    QTest::newRow("quotes") << QByteArray("say \"x\"") << QByteArray("\"say \"\"x\"\"\"");
    QTest::newRow("both") << QByteArray("a,\"b\"") << QByteArray("\"a,\"\"b\"\"\"");
    QTest::newRow("line feed") << QByteArray("two\nlines") << QByteArray("\"two\nlines\"");
    QTest::newRow("carriage return") << QByteArray("two\rlines") << QByteArray("\"two\rlines\"");
    QTest::newRow("space before") << QByteArray(" edge") << QByteArray("\" edge\"");
    QTest::newRow("space after") << QByteArray("edge ") << QByteArray("\"edge \"");
  }

  void quotesWhereItMust() {
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, field);
    QCOMPARE(core::csvField(text.toStdString()), field.toStdString());
  }
};

CAIRN_TEST(CsvFieldTest, csv_field)
#include "tst_csv_field.moc"
