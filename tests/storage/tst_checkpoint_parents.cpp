#include <SQLiteCpp/SQLiteCpp.h>

#include <QTest>

#include "storage/adoption.h"
#include "storage/checkpoint_files.h"
#include "storage/schema.h"
#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;
using storage::Catalog;

class TestCheckpointParents : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  storage::Home home(const char* name) const { return storage::Home(folder_.filePath(name).toStdString()); }

  static core::CheckpointRecord averaged(const core::RunRecord& run) {
    auto record = smallCheckpoint(run, 20);
    record.kind = core::CheckpointKind::Averaged;
    record.roles = {"averaged"};
    record.parents = {"00000000000000aa", "00000000000000bb"};
    return record;
  }

 private Q_SLOTS:
  void comeBackInTheirOrder() {
    Catalog catalog(home("new"), Catalog::Access::Write);
    const auto run = smallRun();
    catalog.insertRun(run);
    const auto record = averaged(run);
    catalog.insertCheckpoint(record);
    catalog.insertCheckpoint(smallCheckpoint(run, 10));
    QCOMPARE(catalog.checkpoint(record.id).parents, record.parents);
    QVERIFY(catalog.checkpoints(run.id).front().parents.empty());
  }

  void theVersionBeforeIsTakenOver() {
    const auto made = home("made"), old = home("old");
    Catalog(made, Catalog::Access::Write);
    const int program = SQLite::Database(made.catalog().string()).execAndGet("PRAGMA application_id").getInt();
    std::filesystem::create_directories(old.root());
    const auto run = smallRun();
    {
      SQLite::Database raw(old.catalog().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
      for (const auto& file : storage::schemaFiles().first(2)) raw.exec(std::string(file.sql));
      raw.exec("PRAGMA application_id=" + std::to_string(program));
      raw.exec("PRAGMA user_version=2");
      SQLite::Statement insertRun(
          raw, "INSERT INTO runs(id, name, status, created_at, updated_at, spec) VALUES(?,'old','paused','t','t',?)");
      insertRun.bind(1, run.id);
      insertRun.bind(2, core::toJson(run.spec).dump());
      insertRun.exec();
      SQLite::Statement insert(
          raw,
          "INSERT INTO checkpoints(id, run, step, epoch, kind, roles, path, bytes, hash, file_hash, created_at)"
          " VALUES('00000000000000cc',?,10,1,'periodic','periodic','checkpoints/x.pt',3,'h','f','t')");
      insert.bind(1, run.id);
      insert.exec();
    }
    Catalog catalog(old, Catalog::Access::Write);
    const auto before = catalog.checkpoint("00000000000000cc");
    QVERIFY(before.step == 10 && before.parents.empty());
    const auto record = averaged(run);
    catalog.insertCheckpoint(record);
    QCOMPARE(catalog.checkpoint(record.id).parents, record.parents);
  }

  void anAdoptedFileSaysThem() {
    Catalog catalog(home("adopting"), Catalog::Access::Write);
    const auto run = smallRun();
    const auto record = averaged(run);
    auto state = *smallState(record);
    state.find("cairn")->set("parents", core::StateTree::List(record.parents.begin(), record.parents.end()));
    const auto path = catalog.home().checkpointFile(run.id, record.step, record.id);
    storage::writeCheckpointFile(catalog.files(), path, state);
    const auto found = storage::recordOfWholeFile(catalog.files(), catalog.home(), run.id, path);
    QVERIFY(found && found->kind == core::CheckpointKind::Averaged);
    QCOMPARE(found->parents, record.parents);
  }
};

CAIRN_TEST(TestCheckpointParents, checkpoint_parents)
#include "tst_checkpoint_parents.moc"
