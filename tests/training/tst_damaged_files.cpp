// Whatever befell the newest checkpoint files, a resume goes on from the newest good one, and says so.
#include <QTest>
#include <fstream>

#include "job_fixture.h"
#include "storage/recovery.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;
namespace fs = std::filesystem;

namespace {

std::string bytesOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

class TestDamagedFiles : public QObject {
  Q_OBJECT

  JobFixture fixture_;
  std::string run_;
  std::vector<core::CheckpointRecord> stored_;  // by step
  std::vector<std::string> contents_;

 private Q_SLOTS:
  void initTestCase() {
    run_ = fixture_.trained({"training.epochs=6"});
    stored_ = fixture_.read().checkpoints(run_);
    QVERIFY(stored_.size() >= 4);
    for (const auto& record : stored_) contents_.push_back(bytesOf(record.path));
  }
  void cleanup() {
    for (std::size_t i = 0; i < stored_.size(); ++i) write(stored_[i].path, contents_[i]);
    auto catalog = fixture_.write();
    QVERIFY(storage::verify(catalog, catalog.checkpoints()).empty());
  }

  void resumeFallsBack_data() {
    QTest::addColumn<int>("damaged");  // so many of the newest
    QTest::addColumn<int>("how");
    for (int how = 0; how < 6; ++how)
      for (int damaged : {1, 2, 3}) QTest::addRow("%d of the newest, damage %d", damaged, how) << damaged << how;
  }
  void resumeFallsBack() {
    QFETCH(int, damaged);
    QFETCH(int, how);
    const auto good = stored_.size() - static_cast<std::size_t>(damaged) - 1;
    for (auto i = good + 1; i < stored_.size(); ++i) {
      auto bytes = contents_[i];
      const auto size = bytes.size();
      switch (how) {
        case 0: bytes[size / 2] ^= 1; break;
        case 1: bytes[3] ^= 64; break;          // the zip's first header
        case 2: bytes[size - 5] ^= 2; break;    // its end
        case 3: bytes.resize(size / 3); break;
        case 4: bytes.replace(size / 4, 600, 600, '\0'); break;
        case 5: bytes.clear(); break;
        default: break;
      }
      write(stored_[i].path, bytes);
    }
    const auto job = training::Job::resume(fixture_.home(), run_, {.epochs = 7});
    QCOMPARE(job->startStep(), stored_[good].step);
    QCOMPARE(job->warnings().size(), static_cast<std::size_t>(damaged));
    for (int i = 0; i < damaged; ++i) {  // the newest is told first
      const auto& record = stored_[stored_.size() - 1 - static_cast<std::size_t>(i)];
      const auto& warning = job->warnings()[static_cast<std::size_t>(i)];
      QVERIFY2(warning.find("step " + std::to_string(record.step)) != std::string::npos, warning.c_str());
      QVERIFY2(warning.find(record.path) != std::string::npos, warning.c_str());
      QCOMPARE(fixture_.read().checkpoint(record.id).state, core::CheckpointState::Damaged);
    }
  }

  void withNoGoodOneItBeginsAtTheBeginning() {
    for (const auto& record : stored_) fs::remove(record.path);
    const auto job = training::Job::resume(fixture_.home(), run_, {.epochs = 7});
    QCOMPARE(job->startStep(), std::int64_t{0});
    QCOMPARE(job->warnings().size(), stored_.size());
    QCOMPARE(fixture_.read().checkpoint(stored_[0].id).state, core::CheckpointState::Missing);
  }
};

CAIRN_TEST(TestDamagedFiles, damaged_files)
#include "tst_damaged_files.moc"
