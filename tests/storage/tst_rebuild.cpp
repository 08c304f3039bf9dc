// A catalog that is damaged or gone, made anew from its backup and from the checkpoint files.
#include <QTest>
#include <fstream>

#include "storage/checkpoint_files.h"
#include "storage/rebuild.h"
#include "storage/recovery.h"
#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;
using storage::Catalog;
using storage::RebuildReport;
namespace fs = std::filesystem;

namespace {

/// Stored as the recorder does: file first, then row.
core::CheckpointRecord store(Catalog& catalog, const core::RunRecord& run, std::int64_t step, float weight) {
  auto record = smallCheckpoint(run, step);
  const auto target = catalog.home().checkpointFile(run.id, step, record.id);
  const auto written = storage::writeCheckpointFile(catalog.files(), target, *smallState(record, weight));
  record.path = target.string();
  record.bytes = static_cast<std::int64_t>(written.bytes);
  record.hash = written.stateHash;
  record.fileHash = written.fileHash;
  catalog.inTransaction([&] {
    catalog.insertCheckpoint(record);
    catalog.setProgress(run.id, step, step / 10);
  });
  return record;
}

void appendLosses(Catalog& catalog, const std::string& run, std::int64_t from, std::int64_t to) {
  std::vector<core::MetricPoint> points;
  for (auto step = from; step <= to; ++step) points.push_back({core::Series::TrainLoss, step, 0, 0.1, 1.0 / static_cast<double>(step)});
  catalog.appendMetrics(run, points);
}

void zeroPages(const fs::path& file, std::uint64_t from, std::uint64_t to) {
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(static_cast<std::streamoff>(from));
  const std::vector<char> zeros(static_cast<std::size_t>(std::min<std::uint64_t>(to, fs::file_size(file)) - from));
  out.write(zeros.data(), static_cast<std::streamsize>(zeros.size()));
}

bool mentions(const std::vector<std::string>& sentences, const std::string& text) {
  return std::any_of(sentences.begin(), sentences.end(), [&](const auto& one) { return one.find(text) != std::string::npos; });
}

}  // namespace

class TestRebuild : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> folder_;
  storage::Home home() const { return storage::Home(folder_->filePath("home").toStdString()); }
  core::RunRecord first_ = smallRun("first"), second_ = smallRun("second");
  std::vector<core::CheckpointRecord> stored_;  // 10 and 20 of the first run before the backup; 30 of it, 5 of the second after

  /// Two runs; of the second, of a note and of step 30 the backup knows nothing.
  void makeHome() {
    Catalog catalog(home(), Catalog::Access::Write);
    catalog.insertRun(first_);
    appendLosses(catalog, first_.id, 1, 20);
    stored_ = {store(catalog, first_, 10, 1), store(catalog, first_, 20, 2)};
    catalog.setRunNote(first_.id, "the old note");
    catalog.setPinned(stored_[0].id, true);
    catalog.setStatus(first_.id, core::RunStatus::Paused);
    QVERIFY(catalog.backup());
    appendLosses(catalog, first_.id, 21, 30);
    stored_.push_back(store(catalog, first_, 30, 3));
    catalog.setRunNote(first_.id, "the new note");
    catalog.insertRun(second_);
    stored_.push_back(store(catalog, second_, 5, 4));
  }
  void requireAllReady() {
    Catalog catalog(home(), Catalog::Access::Read);
    QCOMPARE(catalog.findDamage(), std::string());
    for (const auto& one : stored_) {
      const auto record = catalog.checkpoint(one.id);
      QCOMPARE(record.state, core::CheckpointState::Ready);
      QCOMPARE(record.step, one.step);
      QCOMPARE(record.hash, one.hash);
      storage::verifyCheckpointFile(catalog.files(), record);
    }
  }

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>(fastFolder());
    makeHome();
  }

  void fromTheBackupThenFromTheFiles() {
    zeroPages(home().catalog(), 4096, 1 << 20);
    QVERIFY(!storage::findDamage(home()).empty());
    const auto report = storage::rebuildCatalog(home());
    QCOMPARE(report.from, RebuildReport::From::Backup);
    QVERIFY(!report.damage.empty() && !report.backupAt.empty());
    QVERIFY(fs::exists(report.setAside / "catalog.sqlite"));
    QCOMPARE(report.runs, 2);
    QCOMPARE(report.checkpoints, 4);
    QCOMPARE(report.runsFromFiles, std::vector<std::string>{second_.id});
    QCOMPARE(report.adopted.size(), std::size_t{2});
    QVERIFY(mentions(report.lost, report.backupAt));
    QVERIFY(mentions(report.lost, "first after step 20"));
    QVERIFY(mentions(report.lost, "curves of run digits"));  // what the second's files call it
    requireAllReady();
    Catalog catalog(home(), Catalog::Access::Read);
    QCOMPARE(catalog.run(first_.id).note, std::string("the old note"));
    QCOMPARE(catalog.run(first_.id).step, std::int64_t{30});
    QVERIFY(catalog.checkpoint(stored_[0].id).pinned);
    QCOMPARE(catalog.metrics(first_.id, core::Series::TrainLoss).size(), std::size_t{20});
    QCOMPARE(core::toJson(catalog.run(second_.id).spec).dump(), core::toJson(second_.spec).dump());
    QCOMPARE(catalog.lastRecovery().adopted, report.adopted);
    QVERIFY(!fs::exists(home().rebuilding()));
  }

  void fromTheFilesAlone() {
    fs::remove(home().catalog());
    fs::remove(home().catalogBackup());
    const auto why = messageOf([&] { Catalog(home(), Catalog::Access::Write); });
    QVERIFY2(why.find("recover --rebuild") != std::string::npos, why.c_str());
    QCOMPARE(messageOf([&] { Catalog(home(), Catalog::Access::Read); }), why);
    const auto report = storage::rebuildCatalog(home());
    QCOMPARE(report.from, RebuildReport::From::Nothing);
    QCOMPARE(report.runs, 2);
    QCOMPARE(report.checkpoints, 4);
    QVERIFY(report.setAside.empty());
    QVERIFY(mentions(report.lost, "all curves"));
    requireAllReady();
    Catalog catalog(home(), Catalog::Access::Read);
    QCOMPARE(catalog.newestReady(first_.id)->id, stored_[2].id);
    QCOMPARE(catalog.run(first_.id).status, core::RunStatus::Interrupted);
  }

  void aDamagedBackupIsPassedOver() {
    zeroPages(home().catalog(), 0, 4096);
    zeroPages(home().catalogBackup(), 4096, 1 << 20);
    QCOMPARE(storage::rebuildCatalog(home()).from, RebuildReport::From::Nothing);
    requireAllReady();
  }

  void aSoundCatalogIsKept() {
    const auto report = storage::rebuildCatalog(home());
    QCOMPARE(report.from, RebuildReport::From::Catalog);
    QVERIFY(report.damage.empty() && report.setAside.empty() && report.adopted.empty() && report.lost.empty());
    Catalog catalog(home(), Catalog::Access::Read);
    QCOMPARE(catalog.run(first_.id).note, std::string("the new note"));
  }

  void whatIsNewerThanTheBackupInTheTrashComesBack() {
    {
      Catalog catalog(home(), Catalog::Access::Write);
      catalog.deleteCheckpoint(stored_[1].id);
    }
    zeroPages(home().catalog(), 0, 1 << 20);
    const auto report = storage::rebuildCatalog(home());
    QCOMPARE(report.undeleted, std::vector<std::string>{stored_[1].id});
    requireAllReady();
  }

  void aLostFileIsMissing() {
    fs::remove(stored_[1].path);
    zeroPages(home().catalog(), 0, 1 << 20);
    QCOMPARE(storage::rebuildCatalog(home()).missing, std::vector<std::string>{stored_[1].id});
  }

  void aRunInTrainingStopsIt() {
    auto& files = storage::FileSystem::posix();
    const auto before = fs::file_size(home().catalog());
    zeroPages(home().catalog(), 0, 4096);
    {
      const auto lock = files.tryLock(home().runLock(first_.id));
      const auto why = messageOf([&] { storage::rebuildCatalog(home()); });
      QVERIFY2(why.find("another process has it") != std::string::npos, why.c_str());
    }
    QCOMPARE(fs::file_size(home().catalog()), before);
    QCOMPARE(storage::rebuildCatalog(home()).from, RebuildReport::From::Backup);
  }

  void anOpenCatalogStopsIt() {
    Catalog open(home(), Catalog::Access::Read);
    open.runs();
    const auto why = messageOf([&] { storage::rebuildCatalog(home()); });
    QVERIFY2(why.find("another program has it open") != std::string::npos, why.c_str());
  }

  void cancelledItChangesNothing() {
    zeroPages(home().catalog(), 0, 4096);
    try {
      storage::rebuildCatalog(home(), storage::FileSystem::posix(), [](std::string_view phase, auto, auto) {
        return phase != "Reading checkpoint files";
      });
      QFAIL("it went on");
    } catch (const Error& error) {
      QCOMPARE(error.kind(), ErrorKind::Cancelled);
    }
    QVERIFY(!fs::exists(home().quarantine()) && !fs::exists(home().rebuilding()));
    storage::rebuildCatalog(home());
    requireAllReady();
  }

  // Each page of the catalog in turn, zeroed or scrambled: it is reported, or the page held nothing that counts.
  void damageIsReportedPageByPage() {
    const auto whole = folder_->filePath("whole.sqlite").toStdString();
    fs::copy_file(home().catalog(), whole);
    const auto size = fs::file_size(whole);
    int found = 0, silent = 0;
    for (std::uint64_t page = 0; page < size / 4096; ++page) {
      for (const bool zero : {true, false}) {
        fs::copy_file(whole, home().catalog(), fs::copy_options::overwrite_existing);
        if (zero) {
          zeroPages(home().catalog(), page * 4096, page * 4096 + 4096);
        } else {
          std::fstream out(home().catalog(), std::ios::in | std::ios::out | std::ios::binary);
          out.seekp(static_cast<std::streamoff>(page * 4096));
          for (int i = 0; i < 4096; ++i) out.put(static_cast<char>(i * 37 + 11));
        }
        ++(storage::findDamage(home()).empty() ? silent : found);
      }
    }
    QVERIFY(found > 30);
    QVERIFY2(silent == 0, qPrintable(QString("%1 of %2").arg(silent).arg(silent + found)));
  }

  void aDamagedCatalogDoesNotReplaceItsBackup() {
    {
      Catalog catalog(home(), Catalog::Access::Write);
      QVERIFY(catalog.backup());
    }
    const auto kept = fs::file_size(home().catalogBackup());
    zeroPages(home().catalog(), fs::file_size(home().catalog()) - 4096 * 8, fs::file_size(home().catalog()));
    try {
      Catalog catalog(home(), Catalog::Access::Write);
      catalog.backup();
      QFAIL("it made one");
    } catch (const Error& error) {
      QVERIFY2(storage::needsRebuild(error), error.what());
    }
    QCOMPARE(fs::file_size(home().catalogBackup()), kept);
    QVERIFY(!fs::exists(home().backupInMaking()));
    QCOMPARE(storage::rebuildCatalog(home()).from, RebuildReport::From::Backup);
    requireAllReady();
  }

  void backupsAreDaily() {
    Catalog catalog(home(), Catalog::Access::Write);
    QVERIFY(!catalog.backUpDaily());
    fs::last_write_time(home().catalogBackup(), fs::file_time_type::clock::now() - std::chrono::hours(25));
    QVERIFY(catalog.backUpDaily());
    QVERIFY(!catalog.backUpDaily());
  }
};

CAIRN_TEST(TestRebuild, rebuild)
#include "tst_rebuild.moc"
