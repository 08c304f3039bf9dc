// The disk fills up while a run trains: it trains on, says how much is missing, saves by itself once there is room, and
// what was saved before stays untouched.
#include <QTest>
#include <csignal>

#include "cairnctl.h"
#include "core/error.h"
#include "small_disk.h"
#include "storage/catalog.h"
#include "storage/checkpoint_files.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;
using storage::Catalog;

namespace {
constexpr int kPatience = 60'000;  // milliseconds

std::vector<core::CheckpointRecord> readyOnes(const storage::Home& home) {
  try {
    Catalog catalog(home, Catalog::Access::Read);
    auto all = catalog.checkpoints();
    std::erase_if(all, [](const auto& record) { return record.state != core::CheckpointState::Ready; });
    return all;
  } catch (const Error&) {
    return {};  // not made yet
  }
}

/// Saves a checkpoint an epoch and keeps them all.
void startEndlessTraining(Cairnctl& cairnctl) {
  cairnctl.start({"train", Cairnctl::example("digits.json"), "--set", "training.epochs=100000", "--set", "training.threads=1",
                  "--set", "training.device=cpu", "--set", "checkpoints.keep_last=0", "--set", "lr_scheduler.T_max=100000"});
}
}  // namespace

class TestDiskFull : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void trainingGoesOnAndSavesByItself() {
    SmallDisk disk("3m");
    if (!disk.mounted()) QSKIP(disk.why());
    Cairnctl cairnctl(disk.path() + "/home");
    startEndlessTraining(cairnctl);
    QTRY_VERIFY_WITH_TIMEOUT(cairnctl.messages().contains("make room"), kPatience);
    QVERIFY2(cairnctl.messages().contains("are missing"), cairnctl.messages().constData());
    QVERIFY2(cairnctl.messages().contains("kept in memory"), cairnctl.messages().constData());
    const storage::Home home(cairnctl.home());
    const auto before = readyOnes(home);
    QVERIFY(before.size() > 3);
    QTest::qWait(300);  // it trains on, with nothing saved
    QVERIFY(cairnctl.running());
    QVERIFY(!cairnctl.messages().contains("can be written again"));

    QVERIFY(disk.resize("200m"));
    QTRY_VERIFY_WITH_TIMEOUT(cairnctl.messages().contains("can be written again"), kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(readyOnes(home).size() > before.size() + 2, kPatience);
    cairnctl.signal(SIGINT);
    QCOMPARE(cairnctl.finish().code, 130);

    Catalog catalog(home, Catalog::Access::Read);
    QCOMPARE(catalog.findDamage(), std::string());
    for (const auto& record : before) {
      const auto now = catalog.checkpoint(record.id);
      QCOMPARE(now.state, core::CheckpointState::Ready);
      QCOMPARE(now.fileHash, record.fileHash);
    }
    const auto run = catalog.runs().at(0);
    std::int64_t epoch = 0;
    for (const auto& record : readyOnes(home)) {
      storage::verifyCheckpointFile(catalog.files(), record);
      if (record.roles.contains("periodic")) QCOMPARE(record.epoch, ++epoch);  // none is missing in between
    }
    const auto losses = catalog.metrics(run.id, core::Series::TrainLoss);
    QCOMPARE(static_cast<std::int64_t>(losses.size()), run.step);  // nor is a step
    QCOMPARE(catalog.newestReady(run.id)->step, run.step);
  }

  void whoStopsIsToldWhyItCannotBeSaved() {
    SmallDisk disk("3m");
    if (!disk.mounted()) QSKIP(disk.why());
    Cairnctl cairnctl(disk.path() + "/home");
    startEndlessTraining(cairnctl);
    QTRY_VERIFY_WITH_TIMEOUT(cairnctl.messages().contains("make room"), kPatience);
    cairnctl.signal(SIGTERM);
    QTRY_VERIFY_WITH_TIMEOUT(cairnctl.messages().count("make room") > 1, kPatience);
    QVERIFY(cairnctl.running());  // it waits for room
    cairnctl.signal(SIGTERM);
    const auto outcome = cairnctl.finish();
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.err.find("before its checkpoint was saved") != std::string::npos, outcome.err.c_str());
    QVERIFY(!readyOnes(storage::Home(cairnctl.home())).empty());
  }
};

CAIRN_TEST(TestDiskFull, disk_full)
#include "tst_disk_full.moc"
