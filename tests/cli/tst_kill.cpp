// cairnctl is killed at random moments, and again while it resumes: after each kill the home is sound and nothing that was
// saved is missing, and each run ends as one that was never killed. CAIRN_KILL_ROUNDS=1000 for the long form,
// CAIRN_KILL_SEED for another course of it.
#include <QElapsedTimer>
#include <QTest>
#include <csignal>
#include <random>

#include "cairnctl.h"
#include "core/error.h"
#include "storage/checkpoint_files.h"
#include "storage/recovery.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;
using core::CheckpointState;
using storage::Catalog;

namespace {

constexpr int kShortRounds = 24;
constexpr int kKillsOfARun = 5;  // then it is left to end

int numberFrom(const char* variable, int otherwise) {
  bool is = false;
  const int number = qEnvironmentVariableIntValue(variable, &is);
  return is ? number : otherwise;
}

/// All that must be equal to a run that was never killed.
struct Result {
  std::string hash;  ///< of the final state
  std::map<core::Series, storage::SeriesData> series;
  bool operator==(const Result& other) const {
    if (hash != other.hash || series.size() != other.series.size()) return false;
    for (const auto& [name, data] : series) {
      const auto& theirs = other.series.at(name);
      if (data.step != theirs.step || data.epoch != theirs.epoch || data.value != theirs.value) return false;
    }
    return true;
  }
};

}  // namespace

class TestKill : public QObject {
  Q_OBJECT

  Cairnctl cairnctl_;
  storage::Home home() const { return storage::Home(cairnctl_.home()); }
  Result whole_;
  qint64 wholeTime_ = 0;  // milliseconds
  std::mt19937_64 random_;
  std::set<std::string> saved_;  // ids that another process saw as saved
  int adopted_ = 0, interrupted_ = 0, ended_ = 0, empty_ = 0;

  static std::vector<std::string> training(const std::string& name) {
    return {"train", Cairnctl::example("digits.json"), "--name", name,
            "--set", "training.epochs=60", "--set", "training.threads=1", "--set", "training.device=cpu",
            "--set", "checkpoints.every_epochs=1", "--set", "checkpoints.keep_last=3"};
  }

  Result resultOf(const std::string& name) {
    Catalog catalog(home(), Catalog::Access::Read);
    const auto run = catalog.findRun(name);
    Result result{catalog.newestReady(run.id)->hash, {}};
    for (const auto series : catalog.seriesOf(run.id))
      if (series != core::Series::StepSeconds) result.series[series] = catalog.metrics(run.id, series);
    return result;
  }

  /// Until `moment`, as another process would look: what is on record as ready then was reported saved.
  void watchUntil(qint64 moment) {
    QElapsedTimer timer;
    timer.start();
    std::optional<Catalog> catalog;
    while (timer.elapsed() < moment && cairnctl_.running()) {
      try {
        if (!catalog) catalog.emplace(home(), Catalog::Access::Read);
        for (const auto& record : catalog->checkpoints())
          if (record.state == CheckpointState::Ready) saved_.insert(record.id);
      } catch (const Error&) {
        catalog.reset();  // not made yet
      }
      QTest::qSleep(7);
    }
  }

  /// "" if all is as it must be.
  std::string wrongNow() try {
    Catalog catalog(home(), Catalog::Access::Write);
    const auto repaired = storage::repair(catalog);
    adopted_ += static_cast<int>(repaired.adopted.size());
    if (!repaired.quarantined.empty() || !repaired.missing.empty() || !repaired.damaged.empty()) return "repair found more than a kill leaves";
    if (const auto damage = catalog.findDamage(); !damage.empty()) return damage;
    for (const auto& record : catalog.checkpoints())
      if (record.state == CheckpointState::Ready) storage::verifyCheckpointFile(catalog.files(), record);
    for (const auto& id : saved_) {
      const auto state = catalog.checkpoint(id).state;
      if (state != CheckpointState::Ready && state != CheckpointState::Pruned) return "what was saved is " + std::string(core::toText(state));
    }
    for (const auto& run : catalog.runs()) {
      const auto onRecord = catalog.filesOnRecord(run.id);
      for (const auto& name : catalog.files().list(home().runFolder(run.id)))
        if (name != "lock" && !onRecord.contains(name)) return name + " was left";
      if (run.status == core::RunStatus::Running) return "a run is still called running";
      if (run.status == core::RunStatus::Interrupted) ++interrupted_;
    }
    for (const auto& name : catalog.files().list(home().root()))
      if (name.find("new") != std::string::npos || name == "rebuilding") return name + " was left";
    return {};
  } catch (const Error& error) {
    return error.what();
  }

  /// What stands of a run after a kill; nothing before it had a row.
  std::optional<core::RunRecord> runOf(const std::string& name) {
    try {
      return Catalog(home(), Catalog::Access::Read).findRun(name);
    } catch (const Error&) {
      return {};
    }
  }

 private Q_SLOTS:
  void initTestCase() {
    QVERIFY2(cairnctl_(training("whole")).code == 0, "the first run");  // and the disk's cache is warm
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(cairnctl_(training("again")).code, 0);
    wholeTime_ = timer.elapsed();
    whole_ = resultOf("whole");
    QVERIFY(whole_ == resultOf("again"));
    QVERIFY(whole_.series.size() >= 4);
  }

  void killedAtRandomMoments() {
    const int rounds = numberFrom("CAIRN_KILL_ROUNDS", kShortRounds);
    const int seed = numberFrom("CAIRN_KILL_SEED", 20261125);
    random_.seed(static_cast<std::uint64_t>(seed));
    qInfo("seed %d, %d rounds, a whole run takes %lld ms", seed, rounds, wholeTime_);
    int runs = 0, kills = 0;
    std::string name;
    for (int round = 0; round < rounds; ++round) {
      const auto now = name.empty() ? std::nullopt : runOf(name);
      if (!now) {
        name = "run-" + std::to_string(++runs);
        kills = 0;
      }
      cairnctl_.start(now ? std::vector<std::string>{"resume", name} : training(name));
      const auto moment = static_cast<qint64>(random_() % static_cast<std::uint64_t>(wholeTime_ * 9 / 10 + 1));
      // Each other time nobody else has the catalog open.
      if (round % 2) watchUntil(moment); else QTest::qSleep(static_cast<int>(moment));
      cairnctl_.signal(SIGKILL);
      (void)cairnctl_.finish();
      ++kills;
      const auto wrong = wrongNow();
      QVERIFY2(wrong.empty(), qPrintable(QString("round %1, killed after %2 ms: %3").arg(round).arg(moment).arg(wrong.c_str())));
      const auto run = runOf(name);
      if (!run) ++empty_;
      if (!run || (run->status != core::RunStatus::Completed && kills < kKillsOfARun)) continue;
      requireEnd(name);
      name.clear();
    }
    if (!name.empty() && runOf(name)) requireEnd(name);
    qInfo("%d runs ended as the one never killed; %d times interrupted, %d files adopted, %d killed before there was a run", ended_,
          interrupted_, adopted_, empty_);
    QVERIFY(ended_ > 0 && interrupted_ > 0);
  }

 private:
  void requireEnd(const std::string& name) {
    const auto outcome = cairnctl_({"resume", name, "--json"});
    QVERIFY2(outcome.code == 0, outcome.err.c_str());
    const auto run = outcome.json();
    QCOMPARE(run["status"].get<std::string>(), std::string("completed"));
    QVERIFY2(run["resume_check"]["identical"] == run["resume_check"]["steps_repeated"], run["resume_check"].dump().c_str());
    QVERIFY2(resultOf(name) == whole_, name.c_str());
    ++ended_;
  }
};

CAIRN_TEST(TestKill, kill)
#include "tst_kill.moc"
