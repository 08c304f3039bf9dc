#include <QProcess>
#include <QTest>

#include "support/test_registry.h"

class CommandLineTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void helpAndVersionNeedNoDisplay_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("help") << QStringList{"--help"} << QByteArray("Usage: ");
    QTest::newRow("-h") << QStringList{"-h"} << QByteArray("Usage: ");
    QTest::newRow("version") << QStringList{"--version"} << QByteArray("cairn ");
    QTest::newRow("one of Qt's options beside it") << QStringList{"-platform", "xcb", "--help"} << QByteArray("Usage: ");
  }
  void helpAndVersionNeedNoDisplay() {
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, answer);
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.remove(QStringLiteral("DISPLAY"));
    environment.remove(QStringLiteral("WAYLAND_DISPLAY"));
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("xcb"));
    QProcess cairn;
    cairn.setProcessEnvironment(environment);
    cairn.start(QStringLiteral(CAIRN_BINARY_DIR "/cairn"), arguments);
    QVERIFY(cairn.waitForFinished());
    const auto complaint = cairn.readAllStandardError();
    QVERIFY2(cairn.exitStatus() == QProcess::NormalExit && cairn.exitCode() == 0, complaint.constData());
    QVERIFY(cairn.readAllStandardOutput().startsWith(answer));
    QCOMPARE(complaint, QByteArray());
  }
};

CAIRN_TEST(CommandLineTest, command_line)
#include "tst_command_line.moc"
