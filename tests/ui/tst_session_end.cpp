// The end of the program while a run trains: by a signal, by the end of the desktop session, and where the disk is full.
#include <sys/resource.h>

#include <QGuiApplication>
#include <QLabel>
#include <QProcess>
#include <QSessionManager>
#include <csignal>

#include "support/test_registry.h"
#include "ui/app/session_end.h"
#include "ui/support/recovery_fixture.h"

using namespace cairn;
using tests::kRecoveryPatience;
using tests::RecoveryFixture;

namespace {

/// Set in the process that is to be ended: the home to train in.
constexpr auto kChildHome = "CAIRN_TEST_ENDED_HOME";

const std::vector<std::string> kEndless{"training.epochs=10000000", "checkpoints.every_epochs=0", "optimizer.lr=1e-30"};

/// No file may grow, as if the disk were full.
class FullDisk {
 public:
  FullDisk() {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    auto now = before_;
    now.rlim_cur = 1024;
    setrlimit(RLIMIT_FSIZE, &now);
  }
  ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

}  // namespace

class SessionEndTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    if (qEnvironmentVariableIsSet(kChildHome)) trainUntilEnded();
  }
  void init() { fixture_ = std::make_unique<RecoveryFixture>(); }
  void cleanup() { fixture_.reset(); }

  void aSignalSavesAndEnds_data() {
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGHUP") << SIGHUP;
  }
  void aSignalSavesAndEnds() {
    QFETCH(int, signal);
    QProcess child;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(kChildHome, QString::fromStdString(fixture_->jobs.home().root().string()));
    child.setProcessEnvironment(environment);
    child.start(QCoreApplication::applicationFilePath(), {"--only", "session_end"});
    QVERIFY(child.waitForStarted());
    QByteArray told;
    QTRY_VERIFY_WITH_TIMEOUT((told += child.readAllStandardOutput()).contains("training"), kRecoveryPatience);
    ::kill(static_cast<pid_t>(child.processId()), signal);
    QVERIFY(child.waitForFinished(kRecoveryPatience));
    const auto said = child.readAllStandardError();
    QVERIFY2(child.exitStatus() == QProcess::NormalExit && child.exitCode() == 0, said.constData());
    QVERIFY2(said.contains("cairn: stopping with a checkpoint"), said.constData());
    auto catalog = fixture_->jobs.read();
    const auto run = catalog.runs().at(0);
    QCOMPARE(run.status, core::RunStatus::Stopped);
    QVERIFY(run.step > 0);
    QCOMPARE(catalog.newestReady(run.id)->step, run.step);
  }

  void theSessionsEndSavesAndTheWindowStays() {
    startEndless();
    ui::SessionEnd end(fixture_->window->closeGuard(), fixture_->window->controller(), nullptr);
    auto* manager = qApp->findChild<QSessionManager*>();
    QVERIFY(manager);
    Q_EMIT qApp->commitDataRequest(*manager);
    QVERIFY(!fixture_->window->controller().busy());
    auto catalog = fixture_->jobs.read();
    const auto run = catalog.runs().at(0);
    QCOMPARE(run.status, core::RunStatus::Stopped);
    QCOMPARE(catalog.newestReady(run.id)->step, run.step);
    QVERIFY(fixture_->window->isVisible());
    // The end of the session was called off: the window works on.
    fixture_->window->controller().start(fixture_->jobs.spec({"name=later"}));
    QTRY_VERIFY_WITH_TIMEOUT(fixture_->snapshot()->runs.size() == 2 &&
                                 fixture_->snapshot()->runs[1].status == core::RunStatus::Completed,
                             kRecoveryPatience);
  }

  void aFullDiskIsSaidAndTheCheckpointIsGivenUpOnlyIfAsked() {
    const auto run = startEndless();
    QPixmap dialog;
    {
      const FullDisk full;
      closeAndSave();
      QTRY_VERIFY_WITH_TIMEOUT(fixture_->find("savingTrouble") && fixture_->find("savingTrouble")->isVisible(), kRecoveryPatience);
      QVERIFY(!fixture_->find<QLabel>("savingTrouble")->text().isEmpty());
      dialog = fixture_->find("savingDialog")->grab();
      QTest::keyClick(fixture_->find("savingDialog"), Qt::Key_Escape);  // answers nothing
      fixture_->window->controller().stop();                            // nor does stopping again give anything up
      QTest::qWait(1500);
      QVERIFY(fixture_->window->isVisible() && fixture_->find("savingDialog")->isVisible());
      fixture_->click("giveUp");
      QTRY_VERIFY_WITH_TIMEOUT(!fixture_->window->isVisible(), kRecoveryPatience);
      fixture_->window.reset();
    }
    RecoveryFixture::picture(dialog, "disk-full");
    QCOMPARE(fixture_->jobs.read().run(run).status, core::RunStatus::Interrupted);
  }

  void whatIsHeldIsSavedAsSoonAsThereIsRoom() {
    const auto run = startEndless();
    {
      const FullDisk full;
      closeAndSave();
      QTRY_VERIFY_WITH_TIMEOUT(fixture_->find("savingTrouble") && fixture_->find("savingTrouble")->isVisible(), kRecoveryPatience);
    }
    QTRY_VERIFY_WITH_TIMEOUT(!fixture_->window->isVisible(), kRecoveryPatience);
    auto catalog = fixture_->jobs.read();
    QCOMPARE(catalog.run(run).status, core::RunStatus::Stopped);
    QCOMPARE(catalog.newestReady(run)->step, catalog.run(run).step);
  }

  void thePersonMayStay() {
    const auto run = startEndless();
    {
      const FullDisk full;
      closeAndSave();
      QTRY_VERIFY_WITH_TIMEOUT(fixture_->find("stay") && fixture_->find("stay")->isVisible(), kRecoveryPatience);
      fixture_->click("stay");
      QVERIFY(fixture_->window->isVisible() && !fixture_->find("savingDialog")->isVisible());
      QVERIFY(fixture_->window->controller().busy());
    }
    QTRY_COMPARE_WITH_TIMEOUT(fixture_->run(run).status, core::RunStatus::Stopped, kRecoveryPatience);
    QVERIFY(fixture_->window->isVisible());
  }

 private:
  std::string startEndless() const {
    fixture_->open();
    auto& controller = fixture_->window->controller();
    controller.start(fixture_->jobs.spec(kEndless));
    [&] { QTRY_VERIFY_WITH_TIMEOUT(controller.live().step > 0, kRecoveryPatience); }();
    [&] { QTRY_VERIFY(fixture_->snapshot()->runs.size() == 1 && fixture_->snapshot()->runs[0].step > 0); }();
    return controller.live().run;
  }
  void closeAndSave() const {
    fixture_->window->close();
    QTRY_VERIFY(fixture_->find("saveAndQuit"));
    fixture_->click("saveAndQuit");
  }

  [[noreturn]] static void trainUntilEnded() {
    const storage::Home home(qEnvironmentVariable(kChildHome).toStdString());
    QTemporaryDir settings;
    tests::isolateSettings(settings.path());
    int code = 1;
    {
      tests::JobFixture data;
      ui::MainWindow window(home);
      new ui::SessionEnd(window.closeGuard(), window.controller(), &window);
      window.show();
      connect(&window.controller(), &ui::TrainingController::liveChanged, &window, [&window, told = false]() mutable {
        if (told || window.controller().live().step == 0) return;
        told = true;
        std::puts("training");
        std::fflush(stdout);
      });
      window.controller().start(data.spec(kEndless));
      code = QCoreApplication::exec();
    }
    std::exit(code);
  }

  std::unique_ptr<RecoveryFixture> fixture_;
};

CAIRN_TEST(SessionEndTest, session_end)
#include "tst_session_end.moc"
