#include <QTest>
#include <fstream>

#include "storage/checkpoint_files.h"
#include "storage/recovery.h"
#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;
using storage::Catalog;

class TestRecovery : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void bringsAnInterruptedRunInOrder() {
    QTemporaryDir folder;
    Catalog catalog(storage::Home(folder.path().toStdString()), Catalog::Access::Write);
    const auto run = smallRun();
    catalog.insertRun(run);
    catalog.setStatus(run.id, core::RunStatus::Running);
    auto& files = catalog.files();
    const auto runFolder = catalog.home().runFolder(run.id);

    const auto orphan = smallCheckpoint(run, 30);
    storage::writeCheckpointFile(files, catalog.home().checkpointFile(run.id, 30, orphan.id), *smallState(orphan));
    const auto half = smallCheckpoint(run, 40);
    const auto halfPath = catalog.home().checkpointFile(run.id, 40, half.id);
    storage::writeCheckpointFile(files, halfPath, *smallState(half));
    std::filesystem::resize_file(halfPath, std::filesystem::file_size(halfPath) / 2);
    const auto temp = runFolder / (".step-50-aaaaaaaa.pt.tmp-" + core::newId());
    std::ofstream(temp) << "half";
    QVERIFY(storage::isTempName(temp.filename().string()));
    auto lost = smallCheckpoint(run, 20);
    lost.path = catalog.home().checkpointFile(run.id, 20, lost.id).string();
    catalog.insertCheckpoint(lost);

    const auto found = storage::repair(catalog);
    QCOMPARE(found.interrupted, std::vector<std::string>{run.id});
    QCOMPARE(found.adopted, std::vector<std::string>{orphan.id});
    QCOMPARE(found.missing, std::vector<std::string>{lost.id});
    QCOMPARE(found.quarantined.size(), std::size_t{1});
    QVERIFY(std::filesystem::exists(found.quarantined[0]));
    QVERIFY(!std::filesystem::exists(temp) && !std::filesystem::exists(halfPath));
    QCOMPARE(catalog.newestReady(run.id)->id, orphan.id);
    QCOMPARE(catalog.run(run.id).step, std::int64_t{30});
    QCOMPARE(catalog.lastRecovery().adopted, found.adopted);
    QVERIFY(storage::repair(catalog).empty());
    QVERIFY(storage::verify(catalog, {*catalog.newestReady(run.id)}).empty());
  }

  void clearsTheFolderOfARunThatNeverCameToBe() {
    QTemporaryDir folder;
    Catalog catalog(storage::Home(folder.path().toStdString()), Catalog::Access::Write);
    auto& files = catalog.files();
    const auto run = smallRun();  // has no row
    const auto runFolder = catalog.home().runFolder(run.id);
    const auto whole = smallCheckpoint(run, 30);
    const auto path = catalog.home().checkpointFile(run.id, 30, whole.id);
    storage::writeCheckpointFile(files, path, *smallState(whole));
    const auto temp = runFolder / (".step-50-aaaaaaaa.pt.tmp-" + core::newId());
    std::ofstream(temp) << "half";
    const auto note = runFolder / "note.txt";
    std::ofstream(note) << "a person's own";
    {
      const auto lock = files.tryLock(catalog.home().runLock(run.id));
      QVERIFY(storage::repair(catalog).empty());  // the import is at work
      QVERIFY(std::filesystem::exists(temp) && std::filesystem::exists(path));
    }
    const auto found = storage::repair(catalog);
    QCOMPARE(found.quarantined.size(), std::size_t{1});
    QVERIFY(std::filesystem::exists(found.quarantined[0]));
    QVERIFY(!std::filesystem::exists(temp) && !std::filesystem::exists(path) && std::filesystem::exists(note));
    QVERIFY(storage::repair(catalog).empty());
  }

  void leavesALockedRunAlone() {
    QTemporaryDir folder;
    Catalog catalog(storage::Home(folder.path().toStdString()), Catalog::Access::Write);
    const auto run = smallRun();
    catalog.insertRun(run);
    catalog.setStatus(run.id, core::RunStatus::Running);
    catalog.files().makeFolders(catalog.home().runFolder(run.id));
    const auto temp = catalog.home().runFolder(run.id) / ".step-50-aaaaaaaa.pt.tmp-00000000deadbeef";
    std::ofstream(temp) << "half";
    const auto lock = catalog.files().tryLock(catalog.home().runLock(run.id));
    QVERIFY(storage::repair(catalog).empty());
    QVERIFY(std::filesystem::exists(temp));
    QCOMPARE(catalog.run(run.id).status, core::RunStatus::Running);
  }
};

CAIRN_TEST(TestRecovery, recovery)
#include "tst_recovery.moc"
