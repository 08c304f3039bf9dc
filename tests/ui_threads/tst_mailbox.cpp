// The mailbox between training threads and the GUI: coalescing, bounds and threads; and that ThreadSanitizer, with the options
// that the tests give it, sees a mailbox without its lock.
#include <QProcess>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <thread>

#include "support/test_registry.h"
#include "ui/event_mailbox.h"

using namespace cairn;

namespace {
core::MetricsMeasured batchOf(std::int64_t firstStep, int count) {
  core::MetricsMeasured batch;
  for (int at = 0; at < count; ++at) batch.points.push_back({core::Series::TrainLoss, firstStep + at, 0, 0.0, 1.0});
  return batch;
}
/// The planted mistake: what is posted is kept without a lock.
class UnguardedMailbox : public core::EventSink {
 public:
  void post(const core::Event& event) override {
    if (const auto* measured = std::get_if<core::MetricsMeasured>(&event)) kept_ += measured->points.size();
  }
  std::size_t kept() const { return kept_; }

 private:
  std::size_t kept_ = 0;
};

constexpr auto kPlantRace = "CAIRN_PLANT_RACE";  // set: this is the process that makes the mistake

#ifdef __SANITIZE_THREAD__
constexpr bool kUnderThreadSanitizer = true;
#else
constexpr bool kUnderThreadSanitizer = false;
#endif
}  // namespace

class MailboxTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void manyPostsAreOneDelivery() {
    ui::EventMailbox mailbox;
    QSignalSpy ready(&mailbox, &ui::EventMailbox::ready);
    for (int step = 1; step <= 1000; ++step) mailbox.post(batchOf(step, 1));
    QVERIFY(ready.wait(1000));
    QCOMPARE(ready.count(), 1);
    const auto delivery = mailbox.take();
    QCOMPARE(delivery.points.size(), std::size_t{1000});
    QCOMPARE(delivery.points.front().step, std::int64_t{1});
    QCOMPARE(delivery.points.back().step, std::int64_t{1000});
    QVERIFY(!delivery.pointsDropped);
    QVERIFY(mailbox.take().points.empty());
  }

  void progressOfAPhaseIsCoalesced() {
    ui::EventMailbox mailbox;
    for (int done = 0; done <= 100; ++done) mailbox.post(core::PhaseProgress{"Reading", done, 100});
    mailbox.post(core::PhaseProgress{"Validating", 1, 2});
    mailbox.post(core::SessionStateChanged{.state = core::SessionState::Training});
    mailbox.post(core::PhaseProgress{"Validating", 2, 2});
    const auto events = mailbox.take().events;
    QCOMPARE(events.size(), std::size_t{4});
    QCOMPARE(std::get<core::PhaseProgress>(events[0]).done, std::int64_t{100});
    QCOMPARE(std::get<core::PhaseProgress>(events[1]).phase, std::string("Validating"));
    QCOMPARE(std::get<core::PhaseProgress>(events[3]).done, std::int64_t{2});
  }

  void tooManyPointsAreDroppedAndSaidSo() {
    ui::EventMailbox mailbox;
    constexpr int kBatch = 10'000, kBatches = 20;
    for (int at = 0; at < kBatches; ++at) mailbox.post(batchOf(1 + at * kBatch, kBatch));
    const auto delivery = mailbox.take();
    QVERIFY(delivery.pointsDropped);
    QVERIFY(delivery.points.size() <= 64 * 1024);
    QCOMPARE(delivery.points.back().step, std::int64_t{kBatch} * kBatches);
    QVERIFY(!mailbox.take().pointsDropped);
  }

  void postsFromAnotherThreadArriveInOrder() {
    ui::EventMailbox mailbox;
    std::vector<std::int64_t> steps;
    auto* guiThread = QThread::currentThread();
    bool onGuiThread = true;
    connect(&mailbox, &ui::EventMailbox::ready, this, [&] {
      onGuiThread = onGuiThread && QThread::currentThread() == guiThread;
      for (const auto& point : mailbox.take().points) steps.push_back(point.step);
    });
    constexpr int kSteps = 20'000;
    std::jthread trainer([&] {
      for (int step = 1; step <= kSteps; ++step) mailbox.post(batchOf(step, 1));
    });
    QTRY_COMPARE(steps.size(), std::size_t{kSteps});
    QVERIFY(onGuiThread);
    QVERIFY(std::is_sorted(steps.begin(), steps.end()));
  }

  void deliveriesAreAtMostThirtyOrSoASecond() {
    ui::EventMailbox mailbox;
    int deliveries = 0;
    connect(&mailbox, &ui::EventMailbox::ready, this, [&] {
      ++deliveries;
      mailbox.take();
    });
    std::atomic<bool> stop = false;
    std::jthread trainer([&] {
      for (std::int64_t step = 1; !stop; ++step) {
        mailbox.post(batchOf(step, 1));
        std::this_thread::sleep_for(std::chrono::microseconds(200));
      }
    });
    QTest::qWait(600);
    stop = true;
    QVERIFY2(deliveries >= 3 && deliveries <= 21, qPrintable(QString::number(deliveries)));
  }

  void aMissingLockIsSeen() {
    if (!kUnderThreadSanitizer) QSKIP("only ThreadSanitizer can see it");
    if (qEnvironmentVariableIsSet(kPlantRace)) {
      UnguardedMailbox mailbox;
      std::jthread trainer([&] {
        for (int step = 1; step <= 1000; ++step) mailbox.post(batchOf(step, 1));
      });
      std::size_t seen = 0;
      for (int look = 0; look < 1000; ++look) seen = std::max(seen, mailbox.kept());
      trainer.join();
      QVERIFY(seen <= mailbox.kept());
      return;
    }
    QProcess child;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QLatin1String(kPlantRace), QStringLiteral("1"));
    child.setProcessEnvironment(environment);
    child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("aMissingLockIsSeen")});
    QVERIFY(child.waitForFinished());
    QVERIFY(child.exitCode() != 0);
    QVERIFY2(child.readAllStandardError().contains("data race"), "ThreadSanitizer did not name it");
  }
};

CAIRN_TEST(MailboxTest, mailbox)
#include "tst_mailbox.moc"
