// The promise of the whole program: the window trains the digits, is killed, is opened again, and goes on by one click.
#include <QProcess>
#include <csignal>

#include "storage/catalog.h"
#include "support/test_registry.h"
#include "support/window_fixture.h"
#include "ui/app/training_controller.h"

using namespace cairn;

namespace {

constexpr int kPatience = 60'000;  // milliseconds
constexpr std::int64_t kEnough = 200;  // steps before the kill

/// `cairn` trains nothing by itself: the test's own program opens the window, presses the example, and is killed.
constexpr auto kChildHome = "CAIRN_TEST_CHILD_HOME";

}  // namespace

class CrashResumeTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    if (qEnvironmentVariableIsSet(kChildHome)) trainUntilKilled();
  }

  void oneClickGoesOnAfterAKill() {
    tests::WindowFixture fixture;
    QProcess child;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(kChildHome, QString::fromStdString(fixture.home().root().string()));
    child.setProcessEnvironment(environment);
    child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    child.start(QCoreApplication::applicationFilePath(), {"--only", "crash_resume"});
    QVERIFY(child.waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(trainedFarEnough(fixture.home()), kPatience);
    ::kill(static_cast<pid_t>(child.processId()), SIGKILL);
    QVERIFY(child.waitForFinished());

    fixture.open();
    QTRY_VERIFY(fixture.window->client().loaded());
    QCOMPARE(fixture.snapshot()->runs.size(), std::size_t{1});
    const auto before = fixture.snapshot()->runs[0];
    QCOMPARE(before.status, core::RunStatus::Interrupted);
    QVERIFY(before.step < before.totalSteps);
    QTRY_VERIFY(fixture.find("bannerResume"));
    fixture.click("bannerResume");
    QTRY_COMPARE_WITH_TIMEOUT(fixture.snapshot()->runs[0].status, core::RunStatus::Completed, kPatience);
    const auto after = fixture.snapshot()->runs[0];
    QCOMPARE(after.step, after.totalSteps);
    QVERIFY(after.resumeCheck.has_value());
    QCOMPARE(after.resumeCheck->identical, after.resumeCheck->stepsRepeated);
  }

 private:
  static bool trainedFarEnough(const storage::Home& home) try {
    storage::Catalog catalog(home, storage::Catalog::Access::Read);
    const auto runs = catalog.runs();
    return !runs.empty() && runs[0].step >= kEnough && catalog.newestReady(runs[0].id).has_value();
  } catch (const Error&) {
    return false;  // the child has not made its catalog yet, or is at it
  }

  [[noreturn]] static void trainUntilKilled() {
    const storage::Home home(qEnvironmentVariable(kChildHome).toStdString());
    QTemporaryDir settings;
    tests::isolateSettings(settings.path());
    ui::MainWindow window(home);
    window.show();
    auto* train = window.findChild<QAbstractButton*>("example_digits");
    if (!QTest::qWaitFor([&] { return window.client().loaded() && train->isEnabled(); }, kPatience)) std::exit(1);
    QTest::mouseClick(train, Qt::LeftButton);
    QTest::qWait(kPatience);
    std::exit(1);
  }
};

CAIRN_TEST(CrashResumeTest, crash_resume)
#include "tst_crash_resume.moc"
