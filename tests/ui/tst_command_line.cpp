// The program `cairn` by its command line: what it prints, what it refuses, and the pictures it draws.
#include <QImage>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "support/test_registry.h"
#include "ui/support/home_samples.h"

using namespace cairn;
using namespace cairn::tests;

namespace {

struct Answer {
  int code = -1;  ///< -1: it did not end by itself
  QByteArray out, err;
};

Answer runCairn(const QStringList& arguments, const QProcessEnvironment& environment = QProcessEnvironment::systemEnvironment()) {
  QProcess cairn;
  cairn.setProcessEnvironment(environment);
  cairn.start(QStringLiteral(CAIRN_BINARY_DIR "/cairn"), arguments);
  if (!cairn.waitForFinished() || cairn.exitStatus() != QProcess::NormalExit) return {};
  return {cairn.exitCode(), cairn.readAllStandardOutput(), cairn.readAllStandardError()};
}

}  // namespace

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
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));  // of another Qt itself complains
    const auto said = runCairn(arguments, environment);
    QVERIFY2(said.code == 0, said.err.constData());
    QVERIFY(said.out.startsWith(answer));
    QCOMPARE(said.err, QByteArray());
  }

  void wrongUsageIsRefused_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("named");
    QTest::newRow("a size") << QStringList{"--size", "wide"} << QByteArray("\"wide\" is no size");
    QTest::newRow("a theme") << QStringList{"--theme", "pink"} << QByteArray("\"pink\" is neither");
    QTest::newRow("a selection alone") << QStringList{"--select", "a@1"} << QByteArray("--select goes with --screenshot");
    QTest::newRow("one compared") << QStringList{"--screenshot", "x.png", "--compare", "a@1"} << QByteArray("name two to four");
    QTest::newRow("a page alone") << QStringList{"--screenshot", "x.png", "--compare-page", "weights"}
                                  << QByteArray("--compare-page goes with --compare");
    QTest::newRow("a dialog") << QStringList{"--screenshot", "x.png", "--dialog", "about"} << QByteArray("there is no \"about\"");
  }
  void wrongUsageIsRefused() {
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, named);
    const auto said = runCairn(arguments);
    QCOMPARE(said.code, 2);
    QVERIFY2(said.err.contains(named), said.err.constData());
  }

  void picturesAreOfTheStateAskedFor() {
    QTemporaryDir folder;
    const auto home = folder.filePath(QStringLiteral("home"));
    HomeSamples samples{storage::Home(home.toStdString())};
    const auto run = samples.addRun({});
    const auto first = QString::fromStdString(samples.addCheckpoint(run, 100));
    const auto second = QString::fromStdString(samples.addCheckpoint(run, 900));
    const auto drawn = [&](const QStringList& options) {
      const auto file = folder.filePath(QStringLiteral("picture.png"));
      QFile::remove(file);
      const auto said = runCairn(QStringList{"--home", home, "--size", "1100x700", "--screenshot", file} + options);
      if (said.code != 0) qWarning("%s", said.err.constData());
      return QImage(file);
    };
    const auto plain = drawn({});
    QCOMPARE(plain.size(), QSize(1100, 700));
    const auto dark = drawn({"--theme", "dark"});
    QVERIFY(plain.pixelColor(5, 690).lightness() > 128 && dark.pixelColor(5, 690).lightness() < 128);
    QSet<QByteArray> different{bytesOf(plain), bytesOf(dark)};
    const QList<QStringList> others{{"--select", first},
                                    {"--select", second},
                                    {"--dialog", "new-run"},
                                    {"--compare", first, second, "--compare-page", "summary"},
                                    {"--compare", first, second, "--compare-page", "curves"}};
    for (const auto& options : others) different.insert(bytesOf(drawn(options)));
    QCOMPARE(different.size(), 2 + others.size());
  }

  void pictureThatCannotBeDrawnIsNamed_data() {
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("named");
    QTest::newRow("no such checkpoint") << QStringList{"--select", "nobody@7"} << QByteArray("nobody");
    QTest::newRow("nor one to compare") << QStringList{"--compare", "nobody@7", "nobody@8"} << QByteArray("nobody");
    QTest::newRow("a folder that is not there") << QStringList{"--screenshot", "/nowhere/at/all.png"}
                                                << QByteArray("/nowhere/at/all.png");
    QTest::newRow("a catalog that is none") << QStringList{"--home", "broken"} << QByteArray("catalog.sqlite");
  }
  void pictureThatCannotBeDrawnIsNamed() {
    QFETCH(QStringList, options);
    QFETCH(QByteArray, named);
    QTemporaryDir folder;
    const auto home = folder.filePath(QStringLiteral("home")), broken = folder.filePath(QStringLiteral("broken"));
    HomeSamples samples{storage::Home(home.toStdString())};
    samples.addCheckpoint(samples.addRun({}), 100);
    QVERIFY(QDir().mkpath(broken));
    QFile catalog(broken + QStringLiteral("/catalog.sqlite"));
    QVERIFY(catalog.open(QIODevice::WriteOnly) && catalog.write("no catalog at all") > 0);
    catalog.close();
    options.replaceInStrings(QStringLiteral("broken"), broken);
    const auto file = folder.filePath(QStringLiteral("picture.png"));
    const auto said = runCairn(QStringList{"--home", home, "--screenshot", file} + options);
    QCOMPARE(said.code, 1);
    QVERIFY2(said.err.contains(named), said.err.constData());
    QVERIFY(!QFile::exists(file));
  }

 private:
  static QByteArray bytesOf(const QImage& image) {
    return {reinterpret_cast<const char*>(image.constBits()), image.sizeInBytes()};
  }
};

CAIRN_TEST(CommandLineTest, command_line)
#include "tst_command_line.moc"
